import type { Address } from '../mime/address.ts'
import type { Condition } from './condition.ts'
import { isFlagged, isUnread, type Message } from './message.ts'
import { fold, type Pattern } from './pattern.ts'

/**
 * What the matcher and the search box can ask of a message: one condition for each thing to look at. A message that the
 * parser gave up has neither text nor HTML nor file names.
 */

type AddressField = 'from' | 'to' | 'cc' | 'bcc' | 'replyTo'

/** A header address, any of the fields'. With `names`, the display name counts too. */
export const headerAddress =
  (fields: readonly AddressField[], pattern: Pattern, names = false): Condition =>
  ({ message }) =>
    fields.some(field =>
      message[field].some(
        ({ name, address }: Address) => pattern(address) || (names && name !== '' && pattern(name)),
      ),
    )

export const recipient =
  (pattern: Pattern): Condition =>
  ({ message }) =>
    message.rcptTo.some(pattern)

/** A text that the index has. */
export const indexed =
  (
    field: keyof Pick<Message, 'subject' | 'mailFrom' | 'messageId' | 'authUser' | 'inbox'>,
    pattern: Pattern,
  ): Condition =>
  ({ message }) =>
    pattern(message[field])

/** The text that a person reads: text/plain, or else text made from the HTML. */
export const bodyText =
  (pattern: Pattern): Condition =>
  (_entry, facts) => {
    const content = facts.content
    return content === undefined ? undefined : pattern(content?.plainText ?? '')
  }

export const bodyHtml =
  (pattern: Pattern): Condition =>
  (_entry, facts) => {
    const content = facts.content
    return content === undefined ? undefined : pattern(content?.html ?? '')
  }

export const fileName =
  (pattern: Pattern): Condition =>
  ({ message }, facts) => {
    if (message.parsed === true && message.attachments + message.inlines === 0) return false
    const content = facts.content
    return content === undefined
      ? undefined
      : (content?.attachments.some(({ name }) => pattern(name)) ?? false)
  }

/** A header field, decoded, any of that name. */
export const headerField =
  (name: string, pattern: Pattern): Condition =>
  (_entry, facts) =>
    facts.header?.all(name).some(({ value }) => pattern(value))

/** Whether the message has attachments, or parts shown in place. */
export const hasParts =
  (kind: 'attachments' | 'inlines', wanted: boolean): Condition =>
  ({ message }, facts) => {
    if (message.parsed === true) return message[kind] > 0 === wanted
    const content = facts.content
    if (content === undefined) return undefined
    const inline = kind === 'inlines'
    return (content?.attachments.some(part => part.inline === inline) ?? false) === wanted
  }

export const tag =
  (pattern: Pattern): Condition =>
  ({ tags }) =>
    tags.some(pattern)

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

/**
 * A word or phrase over subject, addresses, text and file names: what the search box looks for. `wanted` is folded.
 */
export const word =
  (wanted: string): Condition =>
  ({ message }, facts) => {
    if (message.rcptTo.some(address => address.toLowerCase().includes(wanted))) return true
    const search = facts.searchText
    if (!search) return undefined
    if (search.text.includes(wanted)) return true
    if (!search.isCut) return false
    const content = facts.content
    return content === undefined
      ? undefined
      : fold(content?.plainText ?? '')
          .replace(/\s+/g, ' ')
          .includes(wanted)
  }
