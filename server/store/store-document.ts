import { join } from 'node:path'
import { type JsonFileOptions, jsonFile, readDocument } from './json-file.ts'
import { schema } from './schema.ts'
import type { StoreFs } from './store-fs.ts'

/** `mailcatch.json`. */
export type StoreDocument = {
  schema: number
  /** Seconds since 1970: greater than that of any earlier store in this place. */
  uidValidity: number
  createdAt: string
}

/** The data directory cannot be used as it is; the message says why and what to do. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

/** What a process left that was killed while it wrote `mailcatch.json`. */
const unfinished = /^mailcatch\.json\.\d+-\d+\.tmp$/
const ours =
  /^(mailcatch\.json(\.(bad-\d+|\d+-\d+\.tmp))?|index|accounts|changes|raw|text|lock\.(sock|json)(\..*)?)$/

/**
 * Looks at a data directory before anything in it is touched. Throws a DataDirectoryError where it belongs to something
 * else or to a newer version. Resolves with the version of its files, null where there is no telling.
 */
export const inspect = async (fs: StoreFs, directory: string): Promise<number | null> => {
  const names = await fs.list(directory)
  const document = names.includes('mailcatch.json') ? await peek(fs, directory) : null
  if (document && document.schema > schema) {
    throw new DataDirectoryError(
      `${directory} was written by a newer Mailcatch (schema ${document.schema}, this one reads ${schema}); update, or use another --data`,
    )
  }
  const foreign = names.find(name => !ours.test(name))
  if (document || foreign === undefined || names.includes('changes')) {
    return document?.schema ?? null
  }
  throw new DataDirectoryError(
    `${directory} holds ${foreign} and no Mailcatch store; name an empty or a new directory with --data`,
  )
}

/** Writes a little, and removes it. Rejects with the error of the file system. */
export const tryOut = async (fs: StoreFs, directory: string): Promise<void> => {
  // A name that the next start clears away.
  const path = join(directory, `mailcatch.json.${process.pid}-0.tmp`)
  await fs.remove(path)
  const file = await fs.create(path)
  try {
    await file.write(Buffer.alloc(4_096))
  } finally {
    await file.close()
    await fs.remove(path)
  }
}

/** Why a directory cannot be used, in words; any other error as it is. */
export const unusable = (directory: string, error: NodeJS.ErrnoException): Error => {
  const why = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    EROFS: 'its file system is read-only',
    EACCES: 'it may not be written',
    EPERM: 'it may not be written',
    ENOTDIR: 'something in its path is no directory',
  }[error.code ?? '']
  if (!why) return error
  return new DataDirectoryError(
    `${directory} cannot be used: ${why}; --data DIR takes another directory, --memory none`,
    { cause: error },
  )
}

/** The document of a store; null where it is damaged, or another program's of the same name. */
const peek = async (fs: StoreFs, directory: string): Promise<StoreDocument | null> => {
  try {
    const document = readDocument(await fs.read(join(directory, 'mailcatch.json')))
    return 'schema' in document && Number.isSafeInteger(document.schema)
      ? (document as StoreDocument)
      : null
  } catch (error) {
    const isDamaged = error instanceof SyntaxError
    if (isDamaged || (error as NodeJS.ErrnoException).code === 'EISDIR') return null // set aside when it is opened
    throw error
  }
}

/** Reads `mailcatch.json`, or makes it, with the UIDVALIDITY that is known from elsewhere. */
export const openDocument = async (
  fs: StoreFs,
  directory: string,
  uidValidity: number | undefined,
  options: JsonFileOptions,
): Promise<StoreDocument> => {
  const now = Date.now()
  const path = join(directory, 'mailcatch.json')
  const missing: StoreDocument = {
    schema,
    uidValidity: uidValidity ?? Math.floor(now / 1_000),
    createdAt: new Date(now).toISOString(),
  }
  const isSound = (document: StoreDocument) =>
    document.schema === schema && Number.isSafeInteger(document.uidValidity)
  const document = jsonFile(fs, path, { ...missing, schema: 0 }, options, isSound)
  for (const name of await fs.list(directory)) {
    if (unfinished.test(name)) await fs.remove(join(directory, name))
  }
  await document.read()
  if (document.data.schema === 0) {
    document.data = missing
    await document.write()
  }
  return document.data
}
