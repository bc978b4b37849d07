import { join } from 'node:path'
import type { EntryRecord } from './entry-record.ts'
import { jsonFile } from './json-file.ts'
import type { RawFiles } from './raw-files.ts'
import { readLineEnds } from './rebuild.ts'
import { schema } from './schema.ts'
import type { StoreDocument } from './store-document.ts'
import type { StoreFs } from './store-fs.ts'

type Options = { readonly fsync: boolean; readonly log: (line: string) => void }

/**
 * Brings the files of an older version up to this one, step by step. Each step can be repeated: `mailcatch.json` says only
 * in the end that it was done. Rejects with the error of the file system.
 */
export const migrate = async (
  fs: StoreFs,
  directory: string,
  raw: RawFiles,
  version: number,
  options: Options,
): Promise<void> => {
  if (version >= schema) return
  options.log(`${directory} was written by an older Mailcatch; bringing it up to date`)
  if (version < 2) await readAllLineEnds(fs, directory, raw, options)
  const path = join(directory, 'mailcatch.json')
  const document = jsonFile<StoreDocument | null>(fs, path, null, options)
  await document.read()
  if (!document.data) return // set aside just now: it is made anew
  document.data = { ...document.data, schema }
  await document.write()
}

/** 1 to 2: an entry says how the lines of its message end. */
const readAllLineEnds = async (
  fs: StoreFs,
  directory: string,
  raw: RawFiles,
  options: Options,
): Promise<void> => {
  const folder = join(directory, 'index')
  for (const name of await fs.list(folder)) {
    if (!/^\d{6,7}\.json$/.test(name)) continue
    const file = jsonFile<{ schema: number; entries: EntryRecord[] } | null>(
      fs,
      join(folder, name),
      null,
      options,
    )
    await file.read()
    const segment = file.data
    if (segment?.schema !== 1 || !Array.isArray(segment.entries)) continue
    for (const record of segment.entries) {
      try {
        const { number, start, size } = record
        const { bareEnds, hasOpenEnd } = await readLineEnds(raw, number, start, start + size)
        if (bareEnds > 0) record.bareEnds = bareEnds
        if (hasOpenEnd) record.openEnd = true
      } catch (error) {
        // An entry without its file is dropped at the start.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
    file.data = { ...segment, schema: 2 }
    await file.write()
  }
}
