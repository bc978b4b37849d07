import type { Content, ContentSource } from '../mime/content.ts'
import { ContentError, type ContentReader } from '../mime/content-reader.ts'
import type { Extract } from '../mime/extract/extract.ts'

/** Parsed content is not stored: it is read again when wanted, and the last used of it is kept, up to this many octets. */
const cacheLimit = 64 * 1024 * 1024
/** So many messages of the backlog are at the parser at a time. */
const ahead = 16

/** Where messages are read: a thread of its own, but for tests that open a store a thousand times over. */
export type Reader = Pick<
  ContentReader,
  'read' | 'extract' | 'html' | 'structure' | 'parts' | 'nested' | 'selectIn' | 'close'
>

/** What the parser made of a message: its content, or null where it gave up. */
export type Outcome = Content | null

/**
 * Reads content off the main thread: a backlog of new messages in the order of their arrival, and in front of it what
 * somebody waits for.
 */
export class Contents {
  readonly #reader: Reader
  readonly #source: (id: number) => Promise<ContentSource | undefined>
  readonly #parsed: (id: number, outcome: Outcome) => void
  readonly #log: (line: string) => void
  #backlog: number[] = []
  #head = 0
  #underWay = 0
  #isClosed = false
  readonly #reading = new Map<number, Promise<Outcome | undefined>>()
  readonly #cache = new Map<number, { content: Content; size: number }>()
  #cacheSize = 0

  /** `parsed` is told of each first outcome of a message of the backlog. */
  constructor(options: {
    reader: Reader
    source: (id: number) => Promise<ContentSource | undefined>
    parsed: (id: number, outcome: Outcome) => void
    log: (line: string) => void
  }) {
    this.#reader = options.reader
    this.#source = options.source
    this.#parsed = options.parsed
    this.#log = options.log
  }

  get reader(): Reader {
    return this.#reader
  }

  /** Puts a new message at the end of the backlog. */
  add(id: number): void {
    this.#backlog.push(id)
    this.#work()
  }

  /** The content of a message, null where the parser gave up, undefined where there is no such message. */
  get(id: number): Promise<Outcome | undefined> {
    const cached = this.#cache.get(id)
    if (cached) {
      // The last used goes to the end.
      this.#cache.delete(id)
      this.#cache.set(id, cached)
      return Promise.resolve(cached.content)
    }
    return this.#read(id, true)
  }

  /** The links and codes of a message, which are read anew each time; null and undefined as above. */
  async extract(id: number): Promise<Extract | null | undefined> {
    const source = await this.#source(id)
    return source && this.#tried(id, this.#reader.extract(source, { urgent: true }))
  }

  forget(id: number): void {
    const cached = this.#cache.get(id)
    if (!cached) return
    this.#cache.delete(id)
    this.#cacheSize -= cached.size
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#backlog = []
    this.#head = 0
    await this.#reader.close()
    await Promise.allSettled(this.#reading.values())
  }

  #work(): void {
    while (!this.#isClosed && this.#underWay < ahead && this.#head < this.#backlog.length) {
      const id = this.#backlog[this.#head++] as number
      if (this.#head > 10_000) {
        this.#backlog = this.#backlog.slice(this.#head)
        this.#head = 0
      }
      this.#underWay++
      this.#read(id, false)
        .catch((error: Error) => {
          // What was cut off by the end is parsed at the next start.
          if (!this.#isClosed) this.#log(`message ${id} could not be parsed: ${error.message}`)
        })
        .finally(() => {
          this.#underWay--
          this.#work()
        })
    }
  }

  #read(id: number, urgent: boolean): Promise<Outcome | undefined> {
    const reading = this.#reading.get(id)
    if (reading) return reading
    const started = this.#start(id, urgent)
    this.#reading.set(id, started)
    const ended = () => {
      if (this.#reading.get(id) === started) this.#reading.delete(id)
    }
    started.then(ended, ended)
    return started
  }

  async #start(id: number, urgent: boolean): Promise<Outcome | undefined> {
    const source = await this.#source(id)
    if (!source) return undefined
    const outcome = await this.#tried(id, this.#reader.read(source, { urgent }))
    if (outcome === undefined) return undefined
    if (outcome) this.#keep(id, outcome)
    this.#parsed(id, outcome)
    return outcome
  }

  /** Null where the parser gives the message up, undefined where it is gone meanwhile. */
  async #tried<T>(id: number, reading: Promise<T>): Promise<T | null | undefined> {
    try {
      return await reading
    } catch (error) {
      // What is closed, or removed meanwhile, was not judged by the parser.
      if (this.#isClosed || !(error instanceof ContentError)) throw error
      if (!(await this.#source(id))) return undefined
      this.#log(`message ${id} could not be parsed: ${error.message}`)
      return null
    }
  }

  #keep(id: number, content: Content): void {
    this.forget(id)
    const size =
      2 * ((content.text?.length ?? 0) + (content.html?.length ?? 0) + content.searchText.length) +
      2_000
    if (size > cacheLimit / 4) return
    this.#cache.set(id, { content, size })
    this.#cacheSize += size
    for (const [oldest, { size }] of this.#cache) {
      if (this.#cacheSize <= cacheLimit) break
      this.#cache.delete(oldest)
      this.#cacheSize -= size
    }
  }
}
