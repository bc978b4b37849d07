import { readHeader } from '../../mime/header.ts'
import type { Content } from '../../mime/content.ts'
import type { HttpContext } from '../context.ts'
import { messageDetail } from '../documents.ts'
import { matcherQuery } from '../matcher.ts'
import type { MessageDetail } from '../resources.ts'
import { json, route } from '../route.ts'
import { summaryOf } from '../summary.ts'
import { find, gone, idOrLatest } from './found.ts'

/** `GET /v1/messages/{id}`: everything that is known of one message. */
export const getMessage = route({
  method: 'get',
  path: '/v1/messages/{id}',
  summary: 'Get one message, parsed',
  parameters: { id: idOrLatest },
  query: matcherQuery,
  answers: { 200: { description: 'The message', schema: messageDetail } },
  async handle({ path, query, http }) {
    const { number } = await find(path.id, query, http)
    return json(await detailOf(number, http))
  },
})

/** Octets of a header block that are read for the list of fields. */
const headerOctets = 2_000_000

async function detailOf(id: number, { store }: HttpContext): Promise<MessageDetail> {
  const [content, reception, header] = await Promise.all([
    contentOf(id, store),
    store.reception(id),
    store.structure(id).then(part => store.rawBytes(id, { start: 0, end: Math.min(part?.bodyStart ?? 0, headerOctets) })),
  ])
  // Looked up last: parsing may have changed it, and a deletion may have taken it away meanwhile.
  const entry = store.entry(id)
  if (!entry || !reception || !header || content === undefined) throw gone(id)
  const { attachments: _count, warnings: _warnings, ...summary } = summaryOf(entry)
  const { envelope, inbox: _inbox, receivedAt: _receivedAt, ...how } = reception
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
    attachments: content.attachments,
    headers: readHeader(header).fields.map(({ name, value }) => ({ name, value })),
    flags: entry.flags,
    warnings: content.warnings,
    remoteReferences: content.remoteReferences,
    reception: how,
  }
}

type Shown = Pick<Content, 'text' | 'html' | 'attachments' | 'warnings' | 'remoteReferences'>

/** Parsed content; a mail that the parser refused is shown all the same, with the reason as its warning. */
async function contentOf(
  id: number,
  store: HttpContext['store'],
): Promise<Shown | undefined> {
  try {
    return await store.content(id)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ContentError') throw error
    return { text: null, html: null, attachments: [], warnings: [error.message], remoteReferences: 0 }
  }
}
