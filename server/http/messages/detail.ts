import type { Content } from '../../mime/content.ts'
import { HEADER_LIMITS, type Header, readHeader } from '../../mime/header.ts'
import type { MailStore } from '../../store/mail-store.ts'
import type { HttpContext } from '../context.ts'
import { messageDetail } from '../documents.ts'
import { matcherQuery } from '../matcher.ts'
import type { MessageDetail } from '../resources.ts'
import { json, route } from '../route.ts'
import { summaryOf } from '../summary.ts'
import { find, gone, idOrLatest, reading } from './found.ts'

/** `GET /v1/messages/{id}`: everything that is known of one message. */
export const getMessage = route({
  method: 'get',
  path: '/v1/messages/{id}',
  summary: 'Get one message, parsed',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest?subject=welcome'`,
  parameters: { id: idOrLatest },
  query: matcherQuery,
  answers: { 200: { description: 'The message', schema: messageDetail } },
  async handle({ path, query, http }) {
    const { number } = await find(path.id, query, http)
    return json(await reading(number, http.store, () => detailOf(number, http)))
  },
})

/** Everything that is known of one message. Rejects with a 404 where it is gone. */
export async function detailOf(id: number, { store }: HttpContext): Promise<MessageDetail> {
  const [parsed, extract, reception, header] = await Promise.all([
    store.content(id),
    store.extract(id),
    store.reception(id),
    headerOf(id, store),
  ])
  // Looked up last: parsing may have changed it, and a deletion may have taken it away meanwhile.
  const entry = store.entry(id)
  if (!entry || !reception || !header || !extract || parsed === undefined) throw gone(id)
  const content = parsed ?? unparsed
  const { attachments: _count, warnings: _warnings, ...summary } = summaryOf(entry)
  const { envelope, receivedAt: _receivedAt, ...how } = reception
  const { message } = entry
  return {
    ...summary,
    envelope,
    cc: message.cc,
    bcc: message.bcc,
    replyTo: message.replyTo,
    date: message.date,
    messageId: message.messageId,
    text: content.text,
    html: content.html,
    textOfHtml: content.text === null && content.html !== null ? content.plainText : null,
    links: extract.links,
    codes: extract.codes,
    attachments: content.attachments,
    headers: header.fields.map(({ name, value }) => ({ name, value })),
    flags: entry.flags,
    warnings: content.warnings,
    remoteReferences: content.remoteReferences,
    reception: how,
  }
}

/** What is shown of a mail that the parser gave up on: everything that the header and the structure say. */
const unparsed: Pick<
  Content,
  'text' | 'html' | 'plainText' | 'attachments' | 'warnings' | 'remoteReferences'
> = {
  text: null,
  html: null,
  plainText: '',
  attachments: [],
  warnings: ['This mail could not be parsed; its source is shown as it is.'],
  remoteReferences: 0,
}

/** The header block; nearly always it lies in the first octets, so that no more of a large mail is read. */
export async function headerOf(id: number, store: MailStore): Promise<Header | undefined> {
  let header: Header | undefined
  for (const end of [64 * 1024, HEADER_LIMITS.octets]) {
    const bytes = await store.rawBytes(id, { start: 0, end })
    header = bytes && readHeader(bytes)
    if (!header || header.isComplete) break
  }
  return header
}
