import { readFile, writeFile } from 'node:fs/promises'
import type { Caniemail } from './table.ts'

/**
 * Makes `caniemail.json` from the table of caniemail.com as its API, and the package `caniemail`, have it:
 * `node --import tsx server/checks/compatibility/trim.ts path/to/caniemail.json`. Of each client the newest version is kept.
 */

type Source = {
  readonly last_update_date: string
  readonly nicenames: {
    readonly family: Readonly<Record<string, string>>
    readonly platform: Readonly<Record<string, string>>
  }
  readonly data: readonly {
    readonly slug: string
    readonly title: string
    readonly stats: Readonly<
      Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>
    >
    readonly notes_by_num: Readonly<Record<string, string>> | null
  }[]
}

const [, , path] = process.argv
if (!path) throw new Error('Name the file to read.')
const text = await readFile(path, 'utf8')
// Versions stand in their order, but an object has those that are whole numbers first.
const source = JSON.parse(text.replaceAll(/"(\d+)":/g, '"v$1":')) as Source

const clients = [
  ...new Set(
    source.data.flatMap(({ stats }) =>
      Object.entries(stats).flatMap(([family, platforms]) =>
        Object.keys(platforms).map(platform => `${family}.${platform}`),
      ),
    ),
  ),
].sort()

const features = source.data
  .toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  .map(({ slug, title, stats, notes_by_num: notes }) => {
    const newest = clients.map(client => {
      const [family = '', platform = ''] = client.split('.')
      return Object.values(stats[family]?.[platform] ?? {}).at(-1) ?? '-'
    })
    // Some values name a note that is not there.
    const numbers = newest.map(value =>
      [...value.matchAll(/#(\d+)/g)]
        .map(match => Number(match[1]))
        .filter(number => notes?.[`v${number}`]),
    )
    const used = new Set(numbers.flat())
    const kept = Object.entries(notes ?? {})
      .map(([number, note]) => [Number(number.slice(1)), plain(note)] as const)
      .filter(([number]) => used.has(number))
    const noted = numbers.flatMap((each, at) => (each.length > 0 ? [[at, each] as const] : []))
    return [
      slug,
      {
        title: title.trim(),
        support: newest.map(value => value[0]).join(''),
        ...(kept.length > 0 ? { notes: Object.fromEntries(kept) } : {}),
        ...(noted.length > 0 ? { noted: Object.fromEntries(noted) } : {}),
      },
    ] as const
  })

/** Notes are Markdown: their links become addresses in brackets. */
function plain(note: string): string {
  const text = note.replace(/\[([^\]]*)\]\(([^)\s]*)\)/g, '$1 ($2)')
  return text.replaceAll('`', '').replace(/\s+/g, ' ').trim()
}

const named = (names: Readonly<Record<string, string>>, at: 0 | 1) =>
  Object.fromEntries(
    Object.entries(names).filter(([id]) => clients.some(client => client.split('.')[at] === id)),
  )

const table: Caniemail = {
  source: 'https://www.caniemail.com',
  licence: 'MIT, Copyright (c) 2019 HTeuMeuLeu; the notice is in caniemail.licence.txt',
  date: source.last_update_date.slice(0, 10),
  families: named(source.nicenames.family, 0),
  platforms: named(source.nicenames.platform, 1),
  clients,
  features: Object.fromEntries(features),
}
const lines = Object.entries(table.features).map(
  ([slug, feature]) => `    ${JSON.stringify(slug)}: ${JSON.stringify(feature)}`,
)
const head = JSON.stringify({ ...table, features: null }, null, 2)
const out = `${head.replace('"features": null', `"features": {\n${lines.join(',\n')}\n  }`)}\n`
await writeFile(new URL('caniemail.json', import.meta.url), out)
process.stdout.write(`${features.length} features of ${clients.length} clients, ${table.date}\n`)
