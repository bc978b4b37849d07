import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** A message of a Maildir, a file by itself. */
export type MaildirMessage = {
  readonly path: string
  readonly isSeen: boolean
  readonly isFlagged: boolean
}

/** Whether a folder with these names in it is a Maildir. */
export const isMaildir = (names: readonly string[]): boolean =>
  names.includes('cur') && names.includes('new')

/**
 * The messages of a Maildir in the order in which they were delivered, which their names begin with. The letters after `:2,` are
 * flags: S is `\Seen`, F `\Flagged`; P, R, T and D (passed, replied, trashed, draft) have no place in the inbox. What is in
 * `new` nobody has seen.
 */
export async function readMaildir(path: string): Promise<MaildirMessage[]> {
  const found: (MaildirMessage & { readonly name: string })[] = []
  for (const folder of ['cur', 'new']) {
    for (const entry of await readdir(join(path, folder), { withFileTypes: true })) {
      const { name } = entry
      if (name.startsWith('.') || entry.isDirectory()) continue
      const flags = /[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? ''
      found.push({
        name,
        path: join(path, folder, name),
        isSeen: flags.includes('S'),
        isFlagged: flags.includes('F'),
      })
    }
  }
  return found.sort((a, b) => byNumbers.compare(a.name, b.name))
}

/** `9` before `10`. */
export const byNumbers = new Intl.Collator('en', { numeric: true })
