import type { LineEnds } from '../mime/canonical.ts'
import { excerpt } from '../mime/excerpt.ts'
import type { HeaderSummary } from '../mime/summary.ts'
import type { Envelope, Message } from './message.ts'
import { headOctets, maxRecipientOctets, type RawHead } from './raw-head.ts'
import { sharedAddresses, sharedText, sharedTexts } from './sharing.ts'
import { maxTags } from './tags.ts'

/** A message on its way in. Exactly one of `commit` and `abort` ends it. */
export type Arrival<T> = {
  /** Octets taken so far. */
  readonly size: number
  /** Takes octets. Resolves when more may come (back-pressure); throws or rejects with a StoreError, `too-big` included. */
  write(chunk: Uint8Array): Promise<void> | undefined
  /** Durable when it resolves; only now may the sender be told. */
  commit(): Promise<T>
  abort(): Promise<void>
}

/** What the index holds of a new message before it is parsed. */
export const toMessage = (
  id: number,
  head: RawHead,
  summary: HeaderSummary,
  { size, start, bareEnds, hasOpenEnd }: { size: number; start: number } & LineEnds,
): Message => ({
  id,
  receivedAt: head.receivedAt,
  size,
  bareEnds,
  hasOpenEnd,
  start,
  mailFrom: sharedText(head.envelope.mailFrom),
  rcptTo: head.envelope.rcptTo,
  from: sharedAddresses(summary.from),
  to: sharedAddresses(summary.to),
  cc: sharedAddresses(summary.cc),
  bcc: sharedAddresses(summary.bcc),
  replyTo: sharedAddresses(summary.replyTo),
  subject: summary.subject,
  messageId: summary.messageId,
  date: summary.date,
  authUser: sharedText(head.authUser ?? ''),
  inboxes: sharedTexts(head.inboxes ?? []),
  preview: '',
  parsed: false,
  attachments: 0,
  inlines: 0,
  warnings: summary.warnings.length,
})

/** An envelope that is implied has no more recipients. */
const maxImplied = 1_000

/** The envelope of a message that comes without one: whom its header names, the first thousand of them. */
export const impliedEnvelope = ({ from, to, cc, bcc }: HeaderSummary): Envelope => {
  const rcptTo = new Set<string>()
  let octets = 0
  for (const { address } of [...to, ...cc, ...bcc]) {
    if (rcptTo.has(address)) continue
    octets += headOctets(address) + 1
    if (rcptTo.size === maxImplied || octets > maxRecipientOctets) break
    rcptTo.add(address)
  }
  return { mailFrom: from[0]?.address ?? '', rcptTo: [...rcptTo] }
}

/** The tags that a message comes with: of its X-Tags field, then of its plus-addresses; no more than it may have. */
export const tagsOf = (head: RawHead, summary: HeaderSummary): readonly string[] =>
  [...new Set([...summary.tags, ...plusTags(head.envelope.rcptTo)])].slice(0, maxTags)

/** `invoice` of `ann+invoice@example.com`. */
export const plusTags = (addresses: readonly string[]): string[] =>
  addresses.flatMap(address => {
    const local = address.slice(0, Math.max(0, address.lastIndexOf('@')))
    const plus = local.indexOf('+')
    return plus > 0 && plus < local.length - 1 ? [excerpt(local.slice(plus + 1), 100)] : []
  })
