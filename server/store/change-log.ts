import { join } from 'node:path'
import { readIdRanges } from './id-set.ts'
import type { StoreFile, StoreFs } from './store-fs.ts'

/** What a transaction does; applied in the order of the log, live and at replay alike. */
export type Operation =
  /** No number at or above these has been given out: ids of entries, positions of the feed. */
  | { readonly op: 'reserve'; readonly ids: number; readonly seqs: number }
  | {
      readonly op: 'update'
      readonly ids: string
      readonly addFlags?: readonly string[]
      readonly removeFlags?: readonly string[]
      readonly tags?: readonly string[]
      readonly addTags?: readonly string[]
      readonly removeTags?: readonly string[]
    }
  | { readonly op: 'remove'; readonly ids: string; readonly reason: 'deleted' | 'retention' }

/** One line of the log, one transaction. `lsn` ascends by one. */
export type LogLine = { readonly lsn: number; readonly ops: readonly Operation[] }

type Pending = {
  readonly line: LogLine
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

const name = (number: number): string => `${String(number).padStart(6, '0')}.jsonl`

/**
 * The change log: files of JSON lines, one transaction each, appended and never changed. Transactions that arrive
 * while a write is under way go out together with the next one (group commit).
 */
export class ChangeLog {
  readonly #fs: StoreFs
  readonly #directory: string
  readonly #fsync: boolean
  #file: StoreFile | null = null
  #number: number
  #length = 0
  #lsn: number
  #torn = false
  #pending: Pending[] = []
  #writing: Promise<void> | null = null

  private constructor(fs: StoreFs, directory: string, fsync: boolean, number: number, lsn: number) {
    this.#fs = fs
    this.#directory = directory
    this.#fsync = fsync
    this.#number = number
    this.#lsn = lsn
  }

  /** Opens the log and reads what it holds. A torn line, the last of its file, was never acknowledged. */
  static async open(
    fs: StoreFs,
    directory: string,
    options: { readonly fsync: boolean; readonly log: (line: string) => void },
  ): Promise<{ changeLog: ChangeLog; lines: LogLine[] }> {
    await fs.makeDirectory(directory)
    const numbers = (await fs.list(directory))
      .map(file => Number(/^(\d{6,})\.jsonl$/.exec(file)?.[1]))
      .filter(Number.isInteger)
      .sort((a, b) => a - b)
    const lines: LogLine[] = []
    for (const number of numbers) {
      const path = join(directory, name(number))
      const texts = (await fs.read(path)).toString('utf8').split('\n')
      const rest = texts.pop()
      if (rest) options.log(`${path}: the last line is torn; dropped`)
      texts.forEach((text, index) => {
        const line = readLine(text)
        if (line) lines.push(line)
        else options.log(`${path}: line ${index + 1} is damaged; skipped`)
      })
    }
    const lsn = lines.reduce((highest, line) => Math.max(highest, line.lsn), 0)
    // A new file for a new process: nothing is ever appended behind a torn line.
    const next = (numbers.at(-1) ?? 0) + 1
    return { changeLog: new ChangeLog(fs, directory, options.fsync, next, lsn), lines }
  }

  /** The number of the last transaction appended. */
  get lsn(): number {
    return this.#lsn
  }

  /** Octets in the current file. */
  get length(): number {
    return this.#length
  }

  /** Appends a transaction; resolves when it is durable, in the order of the calls. */
  append(ops: readonly Operation[]): Promise<LogLine> {
    const line = { lsn: ++this.#lsn, ops }
    return new Promise((resolve, reject) => {
      this.#pending.push({ line, resolve: () => resolve(line), reject })
      this.#writing ??= this.#write()
    })
  }

  /** Begins a new file with `ops`; resolves with the number below which older files may go. */
  async rotate(ops: readonly Operation[]): Promise<number> {
    while (this.#writing) await this.#writing
    // In one step: what is appended meanwhile goes into the new file.
    const file = this.#file
    this.#file = null
    this.#torn = false
    this.#length = 0
    const number = ++this.#number
    await file?.close()
    await this.append(ops)
    return number
  }

  /** Removes the files before `number`. */
  async drop(number: number): Promise<void> {
    for (const file of await this.#fs.list(this.#directory)) {
      const old = /^(\d{6,})\.jsonl$/.exec(file)?.[1]
      if (old && Number(old) < number) await this.#fs.remove(join(this.#directory, file))
    }
  }

  async close(): Promise<void> {
    while (this.#writing) await this.#writing
    await this.#file?.close()
    this.#file = null
  }

  async #write(): Promise<void> {
    // One turn of the event loop gathers what comes at the same time.
    await Promise.resolve()
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      const bytes = Buffer.from(batch.map(({ line }) => `${JSON.stringify(line)}\n`).join(''))
      try {
        await this.#append(bytes)
        for (const { resolve } of batch) resolve()
      } catch (error) {
        for (const { reject } of batch) reject(error)
      }
    }
    this.#writing = null
  }

  async #append(bytes: Buffer): Promise<void> {
    if (!this.#file) {
      this.#file = await this.#fs.append(join(this.#directory, name(this.#number)))
      if (this.#fsync) await this.#fs.syncDirectory(this.#directory)
    }
    // What a failed write left behind must not come back as if it had been acknowledged.
    if (this.#torn) await this.#file.truncate(this.#length)
    this.#torn = true
    try {
      await this.#file.write(bytes)
      if (this.#fsync) await this.#file.sync()
    } catch (error) {
      await this.#file.truncate(this.#length).then(
        () => {
          this.#torn = false
        },
        () => {}, // tried again before the next write, which fails while this does
      )
      throw error
    }
    this.#torn = false
    this.#length += bytes.length
  }
}

const readLine = (text: string): LogLine | null => {
  try {
    const line = JSON.parse(text) as LogLine
    return Number.isSafeInteger(line.lsn) && line.ops.every(isOperation) ? line : null
  } catch {
    return null
  }
}

/** Whether a damaged line did not come out as something else; throws where it comes out as nothing of the kind. */
const isOperation = (operation: Operation): boolean => {
  switch (operation.op) {
    case 'reserve':
      return Number.isSafeInteger(operation.ids) && Number.isSafeInteger(operation.seqs)
    case 'remove':
      return isIdSet(operation.ids)
    case 'update': {
      const { ids, addFlags, removeFlags, tags, addTags, removeTags } = operation
      return isIdSet(ids) && [addFlags, removeFlags, tags, addTags, removeTags].every(isTexts)
    }
    default:
      return false
  }
}

const isIdSet = (ids: string): boolean => Array.isArray(readIdRanges(ids))

const isTexts = (value: readonly string[] | undefined): boolean =>
  value === undefined || (Array.isArray(value) && value.every(text => typeof text === 'string'))
