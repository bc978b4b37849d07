import { dirname } from 'node:path'
import { type Adapter, Low } from 'lowdb'
import { placeByCalls, type StoreFs } from './store-fs.ts'

let counter = 0

/**
 * lowdb's adapter for every JSON document of the store: compact, replaced in one step (a reader or a crash sees the
 * old or the new document, never half of one), and a damaged file is set aside instead of stopping the start.
 */
class JsonFile<T> implements Adapter<T> {
  readonly #fs: StoreFs
  readonly #path: string
  readonly #fsync: boolean
  readonly #log: (line: string) => void

  constructor(fs: StoreFs, path: string, options: JsonFileOptions) {
    this.#fs = fs
    this.#path = path
    this.#fsync = options.fsync
    this.#log = options.log
  }

  async read(): Promise<T | null> {
    let bytes: Buffer
    try {
      bytes = await this.#fs.read(this.#path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
    try {
      const value: unknown = JSON.parse(bytes.toString('utf8'))
      if (typeof value !== 'object' || value === null) throw new SyntaxError('no JSON object')
      return value as T
    } catch (error) {
      const aside = `${this.#path}.bad-${Date.now()}`
      await this.#fs.rename(this.#path, aside)
      this.#log(`${this.#path} is damaged (${(error as Error).message}); set aside as ${aside}`)
      return null
    }
  }

  async write(data: T): Promise<void> {
    const temporary = `${this.#path}.${process.pid}-${++counter}.tmp`
    const bytes = Buffer.from(`${JSON.stringify(data)}\n`)
    await placeByCalls(this.#fs, temporary, this.#path, bytes, this.#fsync)
    if (this.#fsync) await this.#fs.syncDirectory(dirname(this.#path))
  }
}

export type JsonFileOptions = {
  readonly fsync: boolean
  /** Told of a damaged file. */
  readonly log: (line: string) => void
}

/** A JSON document of the store. `data` is `missing` until `read()` finds something. */
export const jsonFile = <T>(
  fs: StoreFs,
  path: string,
  missing: T,
  options: JsonFileOptions,
): Low<T> => new Low(new JsonFile<T>(fs, path, options), missing)
