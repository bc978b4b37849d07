import type { MessagePart } from '../../server/http/resources.ts'

/** How a part can be looked at in the page; null where it can only be downloaded. */
export type LookKind = 'image' | 'text' | 'table' | 'json' | 'calendar' | 'message'

/** The server shows these in place, and no others. */
const images: ReadonlySet<string> = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])
const messages: ReadonlySet<string> = new Set(['message/rfc822', 'message/global'])
const tables: ReadonlySet<string> = new Set(['text/csv', 'text/tab-separated-values'])
/** Of other kinds, but nothing else than text. */
const texts: ReadonlySet<string> = new Set([
  'application/ics',
  'application/xml',
  'application/x-yaml',
  'application/yaml',
  'image/svg+xml',
  'message/delivery-status',
  'message/disposition-notification',
])

/** A page of HTML would be shown as a browser does, or not at all: it is for downloading, as a PDF is. */
const downloads: ReadonlySet<string> = new Set(['text/html', 'application/xhtml+xml'])

export const lookKind = ({ contentType, parts }: MessagePart): LookKind | null => {
  if (messages.has(contentType)) return 'message'
  if (parts.length > 0 && !contentType.startsWith('text/')) return null
  if (images.has(contentType)) return 'image'
  if (downloads.has(contentType)) return null
  if (tables.has(contentType)) return 'table'
  if (contentType === 'text/calendar') return 'calendar'
  if (contentType === 'application/json' || contentType.endsWith('+json')) return 'json'
  const isText = contentType.startsWith('text/') || contentType.endsWith('+xml')
  return isText || texts.has(contentType) ? 'text' : null
}
