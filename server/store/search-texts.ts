import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { blockOf } from './entries.ts'
import { blockName } from './raw-files.ts'
import type { StoreFs } from './store-fs.ts'
import { TextScan } from './text-scan.ts'

/** Search text of a message: folded, white space runs as one space. */
export type SearchText = {
  readonly text: string
  /** The message has more of what a search text has. */
  readonly isCut: boolean
  /** The bodies of the message have no other text. */
  readonly isWhole: boolean
}

/** A block's texts wait in memory up to this many octets, or this long. */
const pendingLimit = 256 * 1024
const pendingTime = 500
/** Octets that are looked through at a time on this thread; no record is longer. */
const window = 512 * 1024

/**
 * The search text of the messages, a file for each block of a thousand numbers: `text/000042.txt`, one record for
 * each message, `<number> <length in octets> <1 where cut, 2 where whole, else 0>`, a line end, the text, a line end.
 * A cache: what is missing or unreadable here is made again from the message.
 */
export class SearchTexts {
  readonly #fs: StoreFs
  readonly #directory: string
  readonly #log: (line: string) => void
  readonly #pending = new Map<number, Buffer[]>()
  /** Blocks whose files hold texts of removed messages. */
  readonly #stale = new Set<number>()
  #pendingSize = 0
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor(fs: StoreFs, directory: string, log: (line: string) => void) {
    this.#fs = fs
    this.#directory = directory
    this.#log = log
  }

  async open(): Promise<void> {
    await this.#fs.makeDirectory(this.#directory)
  }

  put(number: number, { text, isCut, isWhole }: SearchText): void {
    const bytes = Buffer.from(text)
    const record = Buffer.concat([
      Buffer.from(`${number} ${bytes.length} ${isCut ? 1 : isWhole ? 2 : 0}\n`),
      bytes,
      Buffer.from('\n'),
    ])
    const block = blockOf(number)
    const records = this.#pending.get(block)
    if (records) records.push(record)
    else this.#pending.set(block, [record])
    this.#pendingSize += record.length
    if (this.#pendingSize > pendingLimit) this.#flush()
    else this.#timer ??= setTimeout(() => this.#flush(), pendingTime).unref()
  }

  /** Which messages of a block hold which words, on this thread, in steps. */
  async scan(block: number, words: readonly string[]): Promise<TextScan['answers']> {
    await this.flush()
    const scan = new TextScan(words)
    try {
      for (let at = 0; ; ) {
        const bytes = await this.#fs.readRange(this.#path(block), at, at + window)
        const taken = scan.take(bytes)
        if (taken === 0) break
        at += taken
        await setImmediate()
      }
    } catch (error) {
      this.#failed(block, error)
    }
    return scan.answers
  }

  /** The file of a block for another thread, when everything put so far is in it; null where it cannot read it. */
  async sharedPath(block: number): Promise<string | null> {
    await this.flush()
    return this.#fs.sharedPath(this.#path(block))
  }

  /** The texts of one block by number. */
  async #block(block: number): Promise<ReadonlyMap<number, SearchText>> {
    await this.flush()
    const texts = new Map<number, SearchText>()
    let bytes: Buffer
    try {
      bytes = await this.#fs.read(this.#path(block))
    } catch (error) {
      this.#failed(block, error)
      return texts
    }
    for (let at = 0; at < bytes.length; ) {
      const lineEnd = bytes.indexOf(10, at)
      const match = /^([1-9]\d{0,9}) (\d{1,9}) ([012])$/.exec(
        bytes.toString('latin1', at, Math.min(lineEnd, at + 32)),
      )
      const start = lineEnd + 1
      const end = start + Number(match?.[2])
      // A torn record ends what can be read.
      if (lineEnd < 0 || !match || bytes[end] !== 10) break
      texts.set(Number(match[1]), {
        text: bytes.toString('utf8', start, end),
        isCut: match[3] === '1',
        isWhole: match[3] === '2',
      })
      at = end + 1
    }
    return texts
  }

  /** Forgets the texts of blocks that are empty now; what else is gone goes with the next `compact`. */
  remove(numbers: readonly number[], isEmpty: (block: number) => boolean): void {
    this.#flush()
    for (const block of new Set(numbers.map(blockOf))) {
      if (!isEmpty(block)) {
        this.#stale.add(block)
        continue
      }
      this.#stale.delete(block)
      this.#queue(() => this.#fs.remove(this.#path(block)))
    }
  }

  /** Writes the files that hold texts of removed messages anew, without these. */
  async compact(isThere: (number: number) => boolean): Promise<void> {
    const stale = [...this.#stale]
    this.#stale.clear()
    for (const block of stale) {
      const texts = await this.#block(block)
      this.#queue(() => this.#fs.remove(this.#path(block)))
      for (const [number, text] of texts) if (isThere(number)) this.put(number, text)
    }
    await this.flush()
  }

  /** Resolves when everything put so far can be read. */
  async flush(): Promise<void> {
    this.#flush()
    await this.#writing
  }

  /** What cannot be read is made again from the message; a block without texts has no file. */
  #failed(block: number, error: unknown): void {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    this.#log(`the search text ${this.#path(block)} cannot be read: ${message}`)
  }

  #path(block: number): string {
    return join(this.#directory, `${blockName(block)}.txt`)
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    if (this.#pending.size === 0) return
    const pending = [...this.#pending]
    this.#pending.clear()
    this.#pendingSize = 0
    this.#queue(async () => {
      for (const [block, records] of pending) {
        const file = await this.#fs.append(this.#path(block))
        try {
          await file.write(Buffer.concat(records))
        } finally {
          await file.close()
        }
      }
    })
  }

  #queue(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work).catch((error: Error) => {
      this.#log(`the search text could not be written: ${error.message}`)
    })
  }
}
