import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Address } from '../mime/address.ts'
import { blockOf, type Entries } from './entries.ts'
import { flagSet } from './flags.ts'
import { type JsonFileOptions, jsonFile } from './json-file.ts'
import type { Entry, Message, Parsed } from './message.ts'
import { blockName } from './raw-files.ts'
import { sharedAddresses, sharedText } from './sharing.ts'
import type { StoreFs } from './store-fs.ts'

/** An entry as its lowdb file has it: what is empty is left out, times are ISO 8601. */
type EntryRecord = {
  number: number
  receivedAt: string
  size: number
  start: number
  mailFrom: string | undefined
  rcptTo: readonly string[] | undefined
  from: readonly Address[] | undefined
  to: readonly Address[] | undefined
  cc: readonly Address[] | undefined
  bcc: readonly Address[] | undefined
  replyTo: readonly Address[] | undefined
  subject: string | undefined
  messageId: string | undefined
  date: string | undefined
  authUser: string | undefined
  inbox: string | undefined
  preview: string | undefined
  parsed: Parsed | undefined
  attachments: number | undefined
  inlines: number | undefined
  warnings: number | undefined
  flags: readonly string[] | undefined
  tags: readonly string[] | undefined
  modseq: number
}

type Segment = { schema: 1; lsn: number; entries: EntryRecord[] }

/** Milliseconds. What a kill -9 finds unwritten is read from the raw files and the log again. */
const flushDelay = 2_000

const none: readonly never[] = Object.freeze([])

/** Undefined is left out by JSON. */
const text = (value: string): string | undefined => (value === '' ? undefined : value)
const count = (value: number): number | undefined => (value === 0 ? undefined : value)
const list = <T>(values: readonly T[]): readonly T[] | undefined =>
  values.length === 0 ? undefined : values

const toRecord = ({ number, message, flags, tags, modseq }: Entry): EntryRecord => ({
  number,
  receivedAt: new Date(message.receivedAt).toISOString(),
  size: message.size,
  start: message.start,
  mailFrom: text(message.mailFrom),
  rcptTo: list(message.rcptTo),
  from: list(message.from),
  to: list(message.to),
  cc: list(message.cc),
  bcc: list(message.bcc),
  replyTo: list(message.replyTo),
  subject: text(message.subject),
  messageId: text(message.messageId),
  date: message.date ?? undefined,
  authUser: text(message.authUser),
  inbox: text(message.inbox),
  preview: text(message.preview),
  parsed: message.parsed || undefined,
  attachments: count(message.attachments),
  inlines: count(message.inlines),
  warnings: count(message.warnings),
  flags: list(flags),
  tags: list(tags),
  modseq,
})

const toEntry = (record: EntryRecord): Entry => {
  const message: Message = {
    id: record.number,
    receivedAt: Date.parse(record.receivedAt),
    size: record.size ?? 0,
    start: record.start ?? 0,
    mailFrom: sharedText(record.mailFrom ?? ''),
    rcptTo: record.rcptTo ?? none,
    from: sharedAddresses(record.from ?? none),
    to: sharedAddresses(record.to ?? none),
    cc: sharedAddresses(record.cc ?? none),
    bcc: sharedAddresses(record.bcc ?? none),
    replyTo: sharedAddresses(record.replyTo ?? none),
    subject: record.subject ?? '',
    messageId: record.messageId ?? '',
    date: record.date ?? null,
    authUser: sharedText(record.authUser ?? ''),
    inbox: sharedText(record.inbox ?? ''),
    preview: record.preview ?? '',
    parsed: record.parsed ?? false,
    attachments: record.attachments ?? 0,
    inlines: record.inlines ?? 0,
    warnings: record.warnings ?? 0,
  }
  return {
    number: record.number,
    message,
    flags: flagSet(record.flags ?? none),
    tags: record.tags ?? none,
    modseq: record.modseq ?? 0,
  }
}

/** Whether a record is one of ours; any other is built anew from its raw file. */
const isRecord = (record: EntryRecord, block: number): boolean =>
  Number.isSafeInteger(record?.number) &&
  blockOf(record.number) === block &&
  !Number.isNaN(Date.parse(record.receivedAt)) &&
  isCount(record.start) &&
  isCount(record.size) &&
  isText(record.subject) &&
  isText(record.mailFrom) &&
  isText(record.messageId) &&
  isText(record.authUser) &&
  isText(record.inbox) &&
  isText(record.preview) &&
  isList(record.rcptTo) &&
  isList(record.from) &&
  isList(record.to) &&
  isList(record.cc) &&
  isList(record.bcc) &&
  isList(record.replyTo) &&
  isList(record.flags) &&
  isList(record.tags)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
const isList = (value: unknown): boolean => value === undefined || Array.isArray(value)

/**
 * The index on disk: a lowdb file for each block of a thousand numbers, a checkpoint of what the raw files and the
 * change log say. Flushed in the background, only what changed, one at a time: never in the way of an acknowledgement.
 */
export class Segments {
  readonly #fs: StoreFs
  readonly #directory: string
  readonly #options: JsonFileOptions
  readonly #entries: Entries
  readonly #lsn: () => number
  readonly #dirty = new Set<number>()
  #flushing: Promise<void> | null = null
  #timer: NodeJS.Timeout | null = null

  /** `lsn` tells up to which transaction the entries are. */
  constructor(
    fs: StoreFs,
    directory: string,
    entries: Entries,
    lsn: () => number,
    options: JsonFileOptions,
  ) {
    this.#fs = fs
    this.#directory = directory
    this.#entries = entries
    this.#lsn = lsn
    this.#options = options
  }

  /** Puts what the files hold into the entries; resolves with the `lsn` of each block. */
  async load(): Promise<Map<number, number>> {
    await this.#fs.makeDirectory(this.#directory)
    const lsns = new Map<number, number>()
    for (const name of (await this.#fs.list(this.#directory)).sort()) {
      if (name.endsWith('.tmp')) await this.#fs.remove(join(this.#directory, name))
      const block = Number(/^(\d{6,7})\.json$/.exec(name)?.[1])
      if (!Number.isInteger(block)) continue
      const file = this.#file(block)
      await file.read()
      const segment = file.data
      if (segment.schema !== 1 || !Array.isArray(segment.entries)) {
        this.#options.log(`${join(this.#directory, name)} cannot be read; built anew`)
        continue
      }
      lsns.set(block, segment.lsn)
      for (const record of segment.entries) {
        if (isRecord(record, block)) this.#entries.put(toEntry(record))
      }
    }
    return lsns
  }

  /** Notes that a block changed; it is written within about two seconds. */
  touch(number: number): void {
    this.#dirty.add(blockOf(number))
    this.#timer ??= setTimeout(() => {
      this.#timer = null
      this.flush().catch((error: Error) => {
        this.#options.log(`the index could not be written: ${error.message}`)
        for (const block of this.#dirty) this.touch(block * 1_000)
      })
    }, flushDelay).unref()
  }

  /** Writes what changed before the call; what changes meanwhile waits for the next flush. */
  async flush(): Promise<void> {
    while (this.#flushing) await this.#flushing
    this.#flushing = this.#flush().finally(() => {
      this.#flushing = null
    })
    await this.#flushing
  }

  async close(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    await this.flush()
  }

  #file(block: number) {
    const missing: Segment = { schema: 1, lsn: 0, entries: [] }
    const path = join(this.#directory, `${blockName(block)}.json`)
    return jsonFile<Segment>(this.#fs, path, missing, this.#options)
  }

  async #flush(): Promise<void> {
    for (const block of [...this.#dirty]) {
      this.#dirty.delete(block)
      try {
        await this.#write(block)
      } catch (error) {
        this.#dirty.add(block)
        throw error
      }
      await setImmediate()
    }
  }

  async #write(block: number): Promise<void> {
    const entries = this.#entries.block(block)
    if (entries.length === 0) {
      await this.#fs.remove(join(this.#directory, `${blockName(block)}.json`))
      return
    }
    const file = this.#file(block)
    file.data = { schema: 1, lsn: this.#lsn(), entries: entries.map(toRecord) }
    await file.write()
  }
}
