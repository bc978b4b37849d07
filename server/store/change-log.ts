import { join } from 'node:path'
import { LogReserve } from './log-reserve.ts'
import { isOperation, type Operation } from './operation.ts'
import { isFull, StoreError } from './store-error.ts'
import { placeByCalls, type StoreFile, type StoreFs, syncFile } from './store-fs.ts'

/** One line of the log, one transaction. `lsn` ascends by one; those of a base have the one that it was taken at. */
export type LogLine = { readonly lsn: number; readonly ops: readonly Operation[] }

export type ChangeLogOptions = {
  readonly fsync: boolean
  /** Told of what is damaged. */
  readonly log: (line: string) => void
}

type Pending = {
  readonly line: LogLine
  readonly apply: (line: LogLine) => void | Promise<void>
  readonly reject: (error: unknown) => void
}

const logName = (number: number): string => `${String(number).padStart(6, '0')}.jsonl`
const baseName = (number: number): string => `${String(number).padStart(6, '0')}.base.jsonl`
const ours = /^(\d{6,})(\.base)?\.jsonl(\.tmp)?$/

/**
 * The change log: files of JSON lines, one transaction each, appended and never changed. Transactions that arrive
 * while a write is under way go out together with the next one (group commit). A file may have a base, which says
 * what all files before it came to: with it they can go.
 */
export class ChangeLog {
  readonly #fs: StoreFs
  readonly #directory: string
  readonly #fsync: boolean
  readonly #reserve: LogReserve
  #file: StoreFile | null = null
  #number: number
  #length = 0
  #lsn: number
  #torn = false
  #pending: Pending[] = []
  #writing: Promise<void> | null = null
  #isClosed = false

  private constructor(
    fs: StoreFs,
    directory: string,
    { fsync, log }: ChangeLogOptions,
    number: number,
    lsn: number,
  ) {
    this.#fs = fs
    this.#directory = directory
    this.#fsync = fsync
    this.#reserve = new LogReserve(fs, join(directory, 'reserve'), log)
    this.#number = number
    this.#lsn = lsn
  }

  /**
   * Opens the log and reads what it holds, the newest base first. A torn line, the last of its file, was never
   * acknowledged.
   */
  static async open(
    fs: StoreFs,
    directory: string,
    options: ChangeLogOptions,
  ): Promise<{ changeLog: ChangeLog; lines: LogLine[]; length: number }> {
    await fs.makeDirectory(directory)
    const names = (await fs.list(directory)).filter(name => ours.test(name))
    for (const name of names) {
      if (name.endsWith('.tmp')) await fs.remove(join(directory, name))
    }
    const numbered = (has: (name: string) => boolean) =>
      names
        .filter(has)
        .map(name => Number(ours.exec(name)?.[1]))
        .sort((a, b) => a - b)
    const logs = numbered(name => /^\d+\.jsonl$/.test(name))
    const base = numbered(name => name.endsWith('.base.jsonl')).at(-1) ?? 0
    const lines: LogLine[] = []
    let length = 0
    const paths = [
      ...(base > 0 ? [baseName(base)] : []),
      ...logs.filter(number => number >= base).map(logName),
    ]
    for (const path of paths.map(name => join(directory, name))) {
      const bytes = await fs.read(path)
      // What a killed process did not sync is built upon from now on.
      if (options.fsync) await syncFile(fs, path)
      length += bytes.length
      const texts = bytes.toString('utf8').split('\n')
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
    const next = Math.max(logs.at(-1) ?? 0, base) + 1
    return { changeLog: new ChangeLog(fs, directory, options, next, lsn), lines, length }
  }

  /** The checkpoints know of transactions up to this one, even where the log has lost them. */
  reach(lsn: number): void {
    if (lsn > this.#lsn) this.#lsn = lsn
  }

  /** Octets in the current file. */
  get length(): number {
    return this.#length
  }

  /** Room that is there whatever else fills the disk: given up for removals. */
  get reserve(): LogReserve {
    return this.#reserve
  }

  /**
   * Appends a transaction and, when it is durable, applies it: in the order of the calls, nothing else of the log in
   * between. Resolves with what `apply` returned; rejects with `closed` after `close`.
   */
  async append<T>(ops: readonly Operation[], apply: (line: LogLine) => T | Promise<T>): Promise<T> {
    // Another process may have the directory by now.
    if (this.#isClosed) throw new StoreError('closed', 'the store is closed')
    const line = { lsn: ++this.#lsn, ops }
    return new Promise((resolve, reject) => {
      this.#queue(line, reject, line => {
        const applied = apply(line)
        if (applied instanceof Promise) return applied.then(resolve, reject)
        resolve(applied)
      })
    })
  }

  /** Begins a new file. `take` is called when everything before it is applied, and nothing behind it is. */
  async rotate(take: (lsn: number) => void): Promise<number> {
    while (this.#writing) await this.#writing
    take(this.#lsn)
    const number = ++this.#number
    const file = this.#file
    this.#file = null
    this.#length = 0
    this.#torn = false
    await file?.close()
    return number
  }

  /**
   * Gives a file the base that tells what was before it, and removes what that makes superfluous. Resolves with the
   * octets of the base.
   */
  async rebase(number: number, lines: readonly LogLine[]): Promise<number> {
    const path = join(this.#directory, baseName(number))
    const bytes = Buffer.from(lines.map(line => `${JSON.stringify(line)}\n`).join(''))
    // On the disk before anything is removed that it stands for.
    await placeByCalls(this.#fs, `${path}.tmp`, path, bytes, true)
    await this.#fs.syncDirectory(this.#directory)
    for (const name of await this.#fs.list(this.#directory)) {
      const old = ours.exec(name)?.[1]
      if (old && Number(old) < number) await this.#fs.remove(join(this.#directory, name))
    }
    return bytes.length
  }

  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#writing) await this.#writing
    await this.#reserve.settled()
    await this.#file?.close()
    this.#file = null
  }

  #queue(line: LogLine, reject: Pending['reject'], apply: Pending['apply']): void {
    this.#pending.push({ line, apply, reject })
    this.#writing ??= this.#write()
  }

  async #write(): Promise<void> {
    // One turn of the event loop gathers what comes at the same time.
    await Promise.resolve()
    while (this.#pending.length > 0) {
      const batch = this.#pending
      this.#pending = []
      const bytes = Buffer.from(batch.map(({ line }) => `${JSON.stringify(line)}\n`).join(''))
      try {
        await this.#appendFor(batch, bytes)
      } catch (error) {
        for (const { reject } of batch) reject(error)
        continue
      }
      if (!this.#reserve.isThere) await this.#reserve.tryToFill()
      for (const { line, apply, reject } of batch) {
        try {
          const applying = apply(line)
          if (applying) await applying
        } catch (error) {
          reject(error)
        }
      }
    }
    this.#writing = null
  }

  /** What makes room is written on a full disk too. */
  async #appendFor(batch: readonly Pending[], bytes: Buffer): Promise<void> {
    try {
      return await this.#append(bytes)
    } catch (error) {
      const makesRoom = batch.some(({ line }) => line.ops.some(isRemoval))
      if (!makesRoom || !isFull(error) || !(await this.#reserve.release())) throw error
    }
    await this.#append(bytes)
  }

  async #append(bytes: Buffer): Promise<void> {
    if (!this.#file) {
      this.#file = await this.#fs.append(join(this.#directory, logName(this.#number)))
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

const isRemoval = ({ op }: Operation): boolean => op === 'remove' || op === 'delete'

const readLine = (text: string): LogLine | null => {
  try {
    const line = JSON.parse(text) as LogLine
    return Number.isSafeInteger(line.lsn) && line.ops.every(isOperation) ? line : null
  } catch {
    return null
  }
}
