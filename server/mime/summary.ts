import type { Address } from './address.ts'
import { readAddressList } from './address-list.ts'
import { readDate } from './date.ts'
import { excerpt } from './excerpt.ts'
import { HEADER_LIMITS, type Header } from './header.ts'

/** What is known of a mail from its header block alone, before it is parsed. */
export type HeaderSummary = {
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly replyTo: readonly Address[]
  /** At most 10 000 characters. */
  readonly subject: string
  /** With its angle brackets, `''` where there is none (RFC 5322 §3.6.4). */
  readonly messageId: string
  /** The Date field in ISO 8601, UTC; null where it is missing or cannot be read. */
  readonly date: string | null
  /** The labels of the X-Tags field, in order, each once. */
  readonly tags: readonly string[]
  /** What is wrong with the header block, in words for the app's developer. */
  readonly warnings: readonly string[]
}

/**
 * Sums up a header block for the list. Of a field that may stand once (RFC 5322 §3.6) the first holds: one
 * rule for list, detail and IMAP, and the others leave a warning. Runs for each mail as it comes: it decodes
 * nothing that it does not return.
 */
export function summarise(header: Header): HeaderSummary {
  const warnings: string[] = []
  const text = (name: string) => header.first(name)?.text
  const addresses = (name: string) => {
    const value = text(name)
    if (!value) return NO_ADDRESSES
    const all = readAddressList(value)
    // Every list page and the index have them: a field of a megabyte may be one name.
    if (value.length <= MAX_ADDRESS) return all
    return all.map(each => ({
      name: excerpt(each.name, MAX_ADDRESS),
      address: excerpt(each.address, MAX_ADDRESS),
    }))
  }
  const dateText = text('date')
  const date = dateText === undefined ? null : readDate(dateText)
  const subject = header.first('subject')?.value ?? ''

  if (text('from') === undefined) warnings.push('There is no From field.')
  if (dateText === undefined) warnings.push('There is no Date field.')
  else if (date === null) warnings.push(`The Date field cannot be read: ${excerpt(dateText, 80)}`)
  for (const name of SINGLETONS) {
    const count = header.all(name).length
    if (count > 1) warnings.push(`${name} stands ${count} times; the first one holds.`)
  }
  if (subject.length > MAX_SUBJECT) {
    warnings.push(`Subject has ${subject.length} characters and is cut to ${MAX_SUBJECT}.`)
  }
  if (header.isCut) {
    warnings.push(
      `The header block has more than ${HEADER_LIMITS.octets} octets or ${HEADER_LIMITS.fields} fields; the rest of it is not read.`,
    )
  }
  return {
    from: addresses('from'),
    to: addresses('to'),
    cc: addresses('cc'),
    bcc: addresses('bcc'),
    replyTo: addresses('reply-to'),
    subject: excerpt(subject, MAX_SUBJECT),
    messageId: excerpt(text('message-id') ?? '', MAX_MESSAGE_ID),
    date,
    tags: header.first('x-tags') ? readTags(header) : NO_TAGS,
    warnings,
  }
}

const NO_ADDRESSES: readonly Address[] = []
const NO_TAGS: readonly string[] = []
const MAX_SUBJECT = 10_000
const MAX_MESSAGE_ID = 1_000
const MAX_ADDRESS = 1_000
const MAX_TAGS = 100
const MAX_TAG = 100

/** RFC 5322 §3.6, the table; and RFC 2045 §3, which has no table but one meaning. */
const SINGLETONS = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
]

function readTags(header: Header): readonly string[] {
  const tags = new Set<string>()
  for (const field of header.all('x-tags')) {
    for (const label of field.value.split(',', MAX_TAGS)) {
      const tag = excerpt(label.trim(), MAX_TAG)
      if (tag !== '' && tags.size < MAX_TAGS) tags.add(tag)
    }
  }
  return [...tags]
}
