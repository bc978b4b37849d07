import type { Address } from '../mime/address.ts'
import { blockOf } from './entries.ts'
import { flagSet } from './flags.ts'
import type { Entry, Message, Parsed } from './message.ts'
import { sharedAddresses, sharedText, sharedTexts } from './sharing.ts'

/** What is known of an entry besides its message. */
type EntryState = {
  number: number
  flags: readonly string[] | undefined
  tags: readonly string[] | undefined
  modseq: number
}

/** An entry as its lowdb file has it: what is empty is left out, times are ISO 8601. */
export type EntryRecord = EntryState & {
  /** Where it is not the entry's number. */
  message: number | undefined
  /** Where they are not when the message was received. */
  internalDate: string | undefined
  savedAt: string | undefined
  receivedAt: string
  size: number
  bareEnds: number | undefined
  openEnd: true | undefined
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
  inboxes: readonly string[] | undefined
  preview: string | undefined
  parsed: Parsed | undefined
  attachments: number | undefined
  inlines: number | undefined
  warnings: number | undefined
}

/** An entry in the INBOX of an address that shows one of the catch-all: only what is its own. */
export type DerivedRecord = EntryState & { derived: true }

const none: readonly never[] = Object.freeze([])

/** Undefined is left out by JSON. */
const text = (value: string): string | undefined => (value === '' ? undefined : value)
const count = (value: number): number | undefined => (value === 0 ? undefined : value)
const list = <T>(values: readonly T[]): readonly T[] | undefined =>
  values.length === 0 ? undefined : values
const time = (value: number, other: number): string | undefined =>
  value === other ? undefined : new Date(value).toISOString()

export const toRecord = (entry: Entry): EntryRecord => {
  const { number, message, flags, tags, modseq } = entry
  return {
    number,
    message: message.id === number ? undefined : message.id,
    receivedAt: new Date(message.receivedAt).toISOString(),
    internalDate: time(entry.internalDate, message.receivedAt),
    savedAt: time(entry.savedAt, message.receivedAt),
    size: message.size,
    bareEnds: count(message.bareEnds),
    openEnd: message.hasOpenEnd || undefined,
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
    inboxes: list(message.inboxes),
    preview: text(message.preview),
    parsed: message.parsed || undefined,
    attachments: count(message.attachments),
    inlines: count(message.inlines),
    warnings: count(message.warnings),
    flags: list(flags),
    tags: list(tags),
    modseq,
  }
}

export const toDerivedRecord = ({ number, flags, tags, modseq }: Entry): DerivedRecord => ({
  number,
  derived: true,
  flags: list(flags),
  tags: list(tags),
  modseq,
})

/** What a derived record says of an entry. */
export const derivedState = ({ flags, tags, modseq }: DerivedRecord) => ({
  flags: flagSet(flags ?? none),
  tags: tags ?? none,
  modseq: modseq ?? 0,
})

/** `known` is the message where another entry has it already. */
export const toEntry = (record: EntryRecord, known: Message | undefined): Entry => {
  const message = known ?? toMessage(record)
  const { receivedAt } = message
  return {
    number: record.number,
    message,
    flags: flagSet(record.flags ?? none),
    tags: record.tags ?? none,
    modseq: record.modseq ?? 0,
    internalDate: record.internalDate ? Date.parse(record.internalDate) : receivedAt,
    savedAt: record.savedAt ? Date.parse(record.savedAt) : receivedAt,
  }
}

const toMessage = (record: EntryRecord): Message => ({
  id: record.message ?? record.number,
  receivedAt: Date.parse(record.receivedAt),
  size: record.size,
  bareEnds: record.bareEnds ?? 0,
  hasOpenEnd: record.openEnd === true,
  start: record.start,
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
  inboxes: sharedTexts(record.inboxes ?? none),
  preview: record.preview ?? '',
  parsed: record.parsed ?? false,
  attachments: record.attachments ?? 0,
  inlines: record.inlines ?? 0,
  warnings: record.warnings ?? 0,
})

/** Whether a record is one of ours; any other is built anew from its raw file. */
export const isRecord = (record: EntryRecord, block: number): boolean =>
  isState(record, block) &&
  (record.message === undefined || isCount(record.message)) &&
  [record.receivedAt, record.internalDate, record.savedAt].every(isTime) &&
  record.receivedAt !== undefined &&
  isCount(record.start) &&
  isCount(record.size) &&
  (record.bareEnds === undefined || isCount(record.bareEnds)) &&
  isText(record.subject) &&
  isText(record.mailFrom) &&
  isText(record.messageId) &&
  isText(record.authUser) &&
  isText(record.preview) &&
  isList(record.rcptTo) &&
  isList(record.inboxes) &&
  isList(record.from) &&
  isList(record.to) &&
  isList(record.cc) &&
  isList(record.bcc) &&
  isList(record.replyTo)

export const isDerivedRecord = (
  record: EntryRecord | DerivedRecord,
  block: number,
): record is DerivedRecord => 'derived' in record && isState(record, block)

const isState = (record: EntryState, block: number): boolean =>
  Number.isSafeInteger(record?.number) &&
  blockOf(record.number) === block &&
  isList(record.flags) &&
  isList(record.tags)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0
const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
const isList = (value: unknown): boolean => value === undefined || Array.isArray(value)
const isTime = (value: string | undefined): boolean =>
  value === undefined || !Number.isNaN(Date.parse(value))
