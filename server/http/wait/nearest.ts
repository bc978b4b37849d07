import { editDistance } from '../../closest.ts'
import { excerpt } from '../../mime/excerpt.ts'
import { type Entry, isUnread } from '../../store/message.ts'
import type { HttpContext } from '../context.ts'
import { headerOf } from '../messages/detail.ts'
import type { Term } from './terms.ts'

/** Characters of a value that are shown, and so many values are compared. */
const limits = { length: 200, values: 50 }

/**
 * What a message has where a term wants something else: of several values the one that takes the fewest changes to become
 * what is wanted. Null where it has nothing of the kind.
 */
export async function nearestTo(
  { name, wanted }: Term,
  entry: Entry,
  http: HttpContext,
): Promise<string | null> {
  const values = await valuesOf(name, entry, http)
  const sought = wanted.toLowerCase().slice(0, limits.length)
  let nearest: string | null = null
  let fewest = Number.POSITIVE_INFINITY
  for (const value of values.slice(0, limits.values)) {
    const shown = excerpt(value, limits.length)
    const distance = editDistance(sought, shown.toLowerCase())
    if (distance >= fewest) continue
    fewest = distance
    nearest = shown
  }
  return nearest
}

async function valuesOf(
  name: string,
  entry: Entry,
  { store }: HttpContext,
): Promise<readonly string[]> {
  const { number, message, tags } = entry
  const addresses = (...fields: ('from' | 'to' | 'cc' | 'bcc' | 'replyTo')[]) =>
    fields.flatMap(field => message[field].map(({ address }) => address))
  if (name.startsWith('header.')) {
    const header = await headerOf(number, store)
    return header?.all(name.slice('header.'.length)).map(({ value }) => value) ?? []
  }
  switch (name) {
    case 'to':
    case 'cc':
    case 'bcc':
    case 'from':
    case 'replyTo':
      return addresses(name)
    case 'rcpt':
      return message.rcptTo
    case 'address':
      return [...message.rcptTo, ...addresses('to', 'cc', 'bcc')]
    case 'mailFrom':
    case 'subject':
      return [message[name]]
    case 'text':
    case 'html':
    case 'body':
      return [message.preview].filter(text => text !== '')
    case 'attachment':
      return (await store.content(number))?.attachments.map(part => part.name) ?? []
    case 'hasAttachment':
      return [String(message.attachments > 0)]
    case 'tag':
      return tags
    case 'inbox':
      return message.inboxes
    case 'authUser':
      return [message.authUser].filter(user => user !== '')
    case 'unread':
      return [String(isUnread(entry))]
    case 'minSize':
    case 'maxSize':
      return [String(message.size)]
    case 'receivedAfter':
    case 'receivedBefore':
      return [new Date(message.receivedAt).toISOString()]
    default:
      return []
  }
}
