import { readFileSync } from 'node:fs'

/** The code in the README whose first line has the name of a file in a comment, by that name. */
export function snippets(): ReadonlyMap<string, string> {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const found = new Map<string, string>()
  for (const [, code = ''] of readme.matchAll(/^```\w+\n([\s\S]*?)^```$/gm)) {
    const name = /^(?:<\?php )?(?:\/\/|#) ([\w./-]+\.\w+)(?: \(.*)?$/.exec(
      code.split('\n', 1)[0] ?? '',
    )
    if (name?.[1]) found.set(name[1], code)
  }
  return found
}

/** One of them, with other addresses, or the like, in it. */
export function snippet(name: string, changes: Readonly<Record<string, string>> = {}): string {
  let code = snippets().get(name)
  if (code === undefined) throw new Error(`README.md has no ${name}`)
  for (const [from, to] of Object.entries(changes)) {
    if (!code.includes(from)) throw new Error(`${name} has no ${from}`)
    code = code.replaceAll(from, to)
  }
  return code
}
