import * as z from 'zod'
import type { Entry } from '../../store/message.ts'
import type { HttpContext } from '../context.ts'
import { type Asked, downloadResponse, sourceResponse } from '../mail-response.ts'
import { matcherQuery } from '../matcher.ts'
import { route } from '../route.ts'
import { prepend } from '../stream.ts'
import { querySwitch } from '../values.ts'
import { deliveryFields } from './delivery-fields.ts'
import { find, gone, idOrLatest, reading } from './found.ts'

/** `GET /v1/messages/{id}/raw`: the octets as they were sent. */
export const getRaw = route({
  method: 'get',
  path: '/v1/messages/{id}/raw',
  summary: 'Get a message as it was sent, octet for octet',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest/raw?as=delivered'`,
  parameters: { id: idOrLatest },
  query: {
    download: querySwitch.default(false).meta({ description: 'As a file, message/rfc822' }),
    as: z
      .literal('delivered')
      .optional()
      .meta({ description: 'With Return-Path, Delivered-To and Received in front' }),
    ...matcherQuery,
  },
  answers: {
    200: { description: 'The message', types: ['text/plain', 'message/rfc822'] },
  },
  async handle(call) {
    const { path, query, http } = call
    const entry = await find(path.id, query, http)
    return reading(entry.number, http.store, () => answer(entry, call))
  },
})

async function answer(
  entry: Entry,
  asked: Asked & {
    readonly query: { readonly download: boolean; readonly as?: 'delivered' | undefined }
    readonly http: HttpContext
  },
): Promise<Response> {
  const { query, http } = asked
  const id = entry.number
  const front = query.as === 'delivered' ? await delivered(entry, http) : Buffer.alloc(0)
  const size = front.length + entry.message.size
  const octets = () => {
    const raw = http.store.raw(id)
    if (!raw) throw gone(id)
    return prepend(front, raw)
  }
  if (!query.download) return sourceResponse(octets, size, asked)
  return downloadResponse(octets, { name: `mail-${id}.eml`, type: 'message/rfc822', size }, asked)
}

async function delivered(entry: Entry, { store }: HttpContext): Promise<Buffer> {
  const reception = await store.reception(entry.number)
  if (!reception) throw gone(entry.number)
  return Buffer.from(deliveryFields(entry.number, reception), 'utf8')
}
