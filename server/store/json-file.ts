import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { type Adapter, Low } from 'lowdb'
import { placeByCalls, type StoreFs } from './store-fs.ts'

let counter = 0

/**
 * A document ends with the sum of what is before it, or a flipped bit would pass for a flag. Where that stands and how it
 * is made never changes: by it an older version tells a newer document from a damaged one.
 */
const sumAt = /^(.*),"sum":"([0-9a-f]{16})"\}\n?$/s

const sumOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const writeDocument = (data: unknown): string => {
  const text = JSON.stringify(data).slice(0, -1)
  return `${text},"sum":"${sumOf(text)}"}\n`
}

/** The document in a file; throws a SyntaxError where it is damaged. One of an earlier version has no sum. */
export const readDocument = (bytes: Buffer): object => {
  const text = bytes.toString('utf8')
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) throw new SyntaxError('no JSON object')
  if (!('sum' in value)) return value
  const [, before = '', sum] = sumAt.exec(text) ?? []
  if (sum !== sumOf(before)) throw new SyntaxError('its sum is wrong')
  const { sum: _, ...document } = value
  return document
}

/**
 * lowdb's adapter for every JSON document of the store: compact, replaced in one step (a reader or a crash sees the
 * old or the new document, never half of one), and a damaged file is set aside instead of stopping the start.
 */
class JsonFile<T> implements Adapter<T> {
  readonly #fs: StoreFs
  readonly #path: string
  readonly #options: JsonFileOptions
  readonly #isSound: (value: T) => boolean

  constructor(fs: StoreFs, path: string, options: JsonFileOptions, isSound: (value: T) => boolean) {
    this.#fs = fs
    this.#path = path
    this.#options = options
    this.#isSound = isSound
  }

  async read(): Promise<T | null> {
    let reason: string
    try {
      const value = readDocument(await this.#fs.read(this.#path)) as T
      if (this.#isSound(value)) return value
      reason = 'it says something else than it should'
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'ENOENT') return null
      // A directory has come in its place.
      if (code !== 'EISDIR' && !(error instanceof SyntaxError)) throw error
      reason = message
    }
    const aside = `${this.#path}.bad-${Date.now()}`
    await this.#fs.rename(this.#path, aside)
    this.#options.log(`${this.#path} is damaged (${reason}); set aside as ${aside}`)
    return null
  }

  async write(data: T): Promise<void> {
    const { fsync } = this.#options
    const temporary = `${this.#path}.${process.pid}-${++counter}.tmp`
    await placeByCalls(this.#fs, temporary, this.#path, Buffer.from(writeDocument(data)), fsync)
    if (fsync) await this.#fs.syncDirectory(dirname(this.#path))
  }
}

export type JsonFileOptions = {
  readonly fsync: boolean
  /** Told of a damaged file. */
  readonly log: (line: string) => void
}

/**
 * A JSON document of the store, an object. `data` is `missing` until `read()` finds something; what is not `isSound`
 * is damaged too.
 */
export const jsonFile = <T>(
  fs: StoreFs,
  path: string,
  missing: T,
  options: JsonFileOptions,
  isSound: (value: T) => boolean = () => true,
): Low<T> => new Low(new JsonFile<T>(fs, path, options, isSound), missing)
