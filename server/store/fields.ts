import { collapse, fold } from '../mime/fold.ts'
import { type Condition, or } from './condition.ts'
import { type Entry, isFlagged, isUnread } from './message.ts'
import { compile, type Pattern } from './pattern.ts'
import type { Probe } from './probe.ts'
import { type Texts, textsOf } from './texts.ts'

/**
 * What the matcher and the search box can ask of a message: one condition for each thing to look at. A message that the
 * parser gave up has neither text nor HTML nor file names.
 */

type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'replyTo'

/** Instructions times characters: what a regular expression may cost the main thread for one message: about a ms. */
const costLimit = 50_000

/** A pattern over texts that the index has; what may take long, with all else of the entry, is left to another thread. */
const over = (pattern: Pattern, texts: (entry: Entry) => Texts): Condition => {
  const probe: Probe = {
    kind: 'values',
    source: pattern.source,
    values: entry => texts(entry).values,
  }
  return (entry, facts) => {
    const read = texts(entry)
    const folding = pattern.cost > 0 || read.isFolded ? 0 : read.length
    const isShort = read.length * pattern.cost <= costLimit
    return isShort && facts.affords(entry, folding + pattern.price(read))
      ? pattern.some(read)
      : facts.get(probe, entry)
  }
}

/** The addresses of fields, with their names or without: one of each kind for all conditions. */
const addressTexts = new Map<string, (entry: Entry) => Texts>()

const addressesOf = (fields: readonly AddressField[], names: boolean) => {
  const key = `${fields} ${names}`
  let texts = addressTexts.get(key)
  if (!texts) {
    texts = textsOf(({ message }) => {
      const values: string[] = []
      for (const field of fields) {
        for (const { name, address } of message[field]) {
          values.push(address)
          if (names && name !== '') values.push(name)
        }
      }
      return values
    })
    addressTexts.set(key, texts)
  }
  return texts
}

const recipients = textsOf(({ message }) => message.rcptTo)
const inboxes = textsOf(({ message }) => message.inboxes)
const tags = textsOf(entry => entry.tags)
const indexedTexts = {
  subject: textsOf(({ message }) => [message.subject]),
  mailFrom: textsOf(({ message }) => [message.mailFrom]),
  messageId: textsOf(({ message }) => [message.messageId]),
  authUser: textsOf(({ message }) => [message.authUser]),
}

/** A header address, any of the fields'. With `names`, the display name counts too. */
export const headerAddress = (
  fields: readonly AddressField[],
  pattern: Pattern,
  names = false,
): Condition => over(pattern, addressesOf(fields, names))

export const recipient = (pattern: Pattern): Condition => over(pattern, recipients)

/** A text that the index has. */
export const indexed = (field: keyof typeof indexedTexts, pattern: Pattern): Condition =>
  over(pattern, indexedTexts[field])

export const inInbox =
  (id: string): Condition =>
  ({ message }) =>
    message.inboxes.includes(id)

/** The id of an inbox that the message belongs to. */
export const inbox = (pattern: Pattern): Condition => over(pattern, inboxes)

/** The text that a person reads: text/plain, or else text made from the HTML. */
export const bodyText = (pattern: Pattern): Condition => {
  const probe: Probe = { kind: 'text', source: pattern.source }
  // What is not in the search text, spaces at the ends apart, is not in the text: most messages need not be read.
  const wanted = collapse(pattern.literal ?? '').trim()
  if (wanted === '') return (entry, facts) => facts.get(probe, entry)
  const inText = inSearchText(wanted)
  return (entry, facts) => inText(entry, facts) && facts.get(probe, entry)
}

export const bodyHtml = (pattern: Pattern): Condition => {
  const probe: Probe = { kind: 'html', source: pattern.source }
  return (entry, facts) => facts.get(probe, entry)
}

export const fileName = (pattern: Pattern): Condition => {
  const probe: Probe = { kind: 'fileName', source: pattern.source }
  return (entry, facts) => {
    const { parsed, attachments, inlines } = entry.message
    return parsed !== false && attachments + inlines === 0 ? false : facts.get(probe, entry)
  }
}

/** A header field, decoded, any of that name. */
export const headerField = (name: string, pattern: Pattern): Condition => {
  const probe: Probe = { kind: 'header', name, source: pattern.source }
  return (entry, facts) => facts.get(probe, entry)
}

/** Whether the message has attachments, or parts shown in place. */
export const hasParts =
  (kind: 'attachments' | 'inlines', wanted: boolean): Condition =>
  (entry, facts) =>
    facts.parsed(entry, () => entry.message[kind] > 0 === wanted)

/** Whether a link to follow or a code is in the message. */
export const holds = (what: 'links' | 'codes'): Condition => {
  const probe: Probe = { kind: 'extract', what }
  return (entry, facts) => facts.get(probe, entry)
}

export const tag = (pattern: Pattern): Condition => over(pattern, tags)

export const tagged: Condition = ({ tags }) => tags.length > 0

export const unread =
  (wanted: boolean): Condition =>
  entry =>
    isUnread(entry) === wanted

export const flagged: Condition = entry => isFlagged(entry)

/** A number that the index has, both ends inclusive. */
export const between =
  (field: 'size' | 'receivedAt' | 'id', from: number, to: number): Condition =>
  ({ message }) =>
    message[field] >= from && message[field] <= to

/** What the search text, or the text behind a search text that was cut, holds. `wanted` is folded and collapsed. */
const inSearchText = (wanted: string): Condition => {
  const probe: Probe = { kind: 'word', wanted }
  return (entry, facts) => facts.get(probe, entry)
}

/** A word or phrase over subject, addresses, text and file names: what the search box looks for. */
export const word = (value: string): Condition => {
  const wanted = collapse(fold(value))
  const pattern = compile({ mode: 'literal', value: wanted, parameter: 'q' })
  return or([recipient(pattern), inSearchText(wanted)])
}
