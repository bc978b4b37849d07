import { collapse, fold } from '../mime/fold.ts'
import { always, type Condition, confirmed, excluded } from './condition.ts'
import type { Message } from './message.ts'
import type { Probe, WordProbe } from './probe.ts'

/**
 * What the search of a mail client asks of a message (RFC 9051 §6.4.4), beyond what the index says as it stands: whether
 * fields or bodies hold a text. Compatibility forms, case and the length of white space do not count. The message is
 * read only where index and search text leave it open; also one that the parser gave up, or has not come to.
 */

/** Milliseconds. */
const DAY = 86_400_000
/** More addresses are not looked through on this thread. */
const MAX_ADDRESSES = 100
/** The index may have cut longer ones. */
const MAX_INDEXED = 1_000
/** What may stand in the field and not in what the index makes of it, or stand there in another way. */
const IRREGULAR = /["(),:;\\]|\S<|>\S/

/**
 * A field of that name, in lower case, holds the text, encoded-words decoded; `''` is held by any that is there.
 * From, To, Cc and Bcc also hold `name <address>` in this form. What stands in a comment or in the name of a group, which
 * the index lacks, is not found in these four, but where From or To has no address, or the message has a warning.
 */
export const fieldHolds = (name: string, text: string): Condition => {
  const wanted = collapse(fold(text))
  const probe: Probe = { kind: 'field', name, wanted }
  const indexed = INDEXED.get(name)
  if (!indexed) return (entry, facts) => facts.get(probe, entry)
  const isIrregular = wanted === '' || (!indexed.isVerbatim && IRREGULAR.test(wanted))
  return (entry, facts) => {
    const known = indexed.text(entry.message)
    if (known === null) return facts.get(probe, entry)
    if (known !== '' && known.includes(wanted)) return true
    // With a warning the field may stand there twice, of which the index has the first, or be cut.
    const isOpen = isIrregular || known.length >= MAX_INDEXED || entry.message.warnings > 0
    return isOpen ? facts.get(probe, entry) : false
  }
}

type Indexed = {
  /** The field as far as the index has it, folded; `''` where it is missing, null where the message must be asked. */
  readonly text: (message: Message) => string | null
  /** It is the field as it stands there, decoded. */
  readonly isVerbatim: boolean
}

/** Folded, once for all keys of a search, which ask of one message after the other. */
const folded = (read: (message: Message) => string | null): Indexed['text'] => {
  let last: Message | undefined
  let known: string | null = null
  return message => {
    if (message !== last) {
      const text = read(message)
      last = message
      known = text && collapse(fold(text))
    }
    return known
  }
}

const verbatim = (text: (message: Message) => string): Indexed => ({
  text: folded(text),
  isVerbatim: true,
})
const addresses = (
  field: 'from' | 'to' | 'cc' | 'bcc',
  { isUsual }: { readonly isUsual: boolean },
): Indexed => ({
  text: folded(message => {
    const list = message[field]
    // One without addresses may be a group without members, such as `undisclosed-recipients:;`.
    if (list.length > MAX_ADDRESSES || (isUsual && list.length === 0)) return null
    return list
      .map(({ name, address }) => (name === '' ? `<${address}>` : `${name} <${address}>`))
      .join(', ')
  }),
  isVerbatim: false,
})

const INDEXED: ReadonlyMap<string, Indexed> = new Map([
  ['subject', verbatim(({ subject }) => subject)],
  ['message-id', verbatim(({ messageId }) => messageId)],
  ['from', addresses('from', { isUsual: true })],
  ['to', addresses('to', { isUsual: true })],
  ['cc', addresses('cc', { isUsual: false })],
  ['bcc', addresses('bcc', { isUsual: false })],
])

/** The bodies hold the text, decoded; with `withHeaders` also a field or its name, in any header of the message. */
export const messageHolds = (
  text: string,
  { withHeaders }: { readonly withHeaders: boolean },
): Condition => {
  const wanted = collapse(fold(text))
  if (wanted === '') return always
  const word: WordProbe = { kind: 'word', wanted }
  const body: Probe = { kind: 'body', wanted, withHeaders }
  // In the search text, subject, addresses and text stand side by side: a phrase may be of two of them.
  const isOneWord = !wanted.includes(' ')
  return (entry, facts) => {
    const hint = facts.hint(word, entry)
    if (hint === undefined) return undefined
    if (hint === excluded && !withHeaders) return false
    if (hint === confirmed && isOneWord && (withHeaders || isOfBody(entry.message, wanted))) {
      return true
    }
    return facts.get(body, entry)
  }
}

/** Whether a word of the search text must be one of the text: it is in nothing else that the search text has. */
const isOfBody = (message: Message, wanted: string): boolean => {
  if (message.attachments + message.inlines > 0) return false
  const { subject, from, to, cc, bcc, replyTo } = message
  const others = [from, to, cc, bcc, replyTo].flat()
  return (
    others.length <= MAX_ADDRESSES &&
    !fold(subject).includes(wanted) &&
    !others.some(
      ({ name, address }) => fold(name).includes(wanted) || fold(address).includes(wanted),
    )
  )
}

/**
 * The Date field is of a day from `from` up to `upto`, both included, whatever its time and zone. Days are the
 * milliseconds since 1970 at which they begin in UTC; a message without a date that can be read is of none.
 */
export const isSent = (from: number, upto: number): Condition => {
  const probe: Probe = { kind: 'sent', from, upto }
  return (entry, facts) => {
    const { date } = entry.message
    if (date === null) return false
    // The index has the time in UTC, of which no zone is farther away than a day.
    const time = Date.parse(date)
    const day = Math.floor(time / DAY) * DAY
    const earliest = day - DAY
    const latest = day + DAY
    if (earliest >= from && latest <= upto) return true
    if (latest < from || earliest > upto) return false
    return facts.get(probe, entry)
  }
}
