import { pipeline, type Readable } from 'node:stream'
import * as z from 'zod'
import { decodeStream } from '../../mime/decode.ts'
import { findPart, type Part } from '../../mime/structure.ts'
import type { HttpContext } from '../context.ts'
import { nestedMessage } from '../documents.ts'
import { type Asked, downloadResponse, imageResponse } from '../mail-response.ts'
import { matcherQuery } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import { json, route } from '../route.ts'
import { querySwitch } from '../values.ts'
import { find, gone, idOrLatest, reading } from './found.ts'

/** The path parameter of a part, and the query's. */
export const partNumber = z
  .string()
  .max(200)
  .regex(/^[1-9]\d{0,3}(?:\.[1-9]\d{0,3})*$/, 'expected a part number such as 1.2')
  .meta({ description: 'The MIME part number (RFC 9051 §6.4.5.1)' })

/** `GET /v1/messages/{id}/parts/{part}`: the decoded octets of one part, a slice of the message. */
export const getPart = route({
  method: 'get',
  path: '/v1/messages/{id}/parts/{part}',
  summary: 'Download a part, decoded',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest/parts/1'`,
  parameters: { id: idOrLatest, part: partNumber },
  query: {
    inline: querySwitch
      .default(false)
      .meta({ description: 'A PNG, JPEG, GIF or WebP picture to look at; else a download' }),
    as: z
      .literal('message')
      .optional()
      .meta({ description: 'The message in a message/rfc822 part, parsed' }),
    ...matcherQuery,
  },
  answers: {
    200: {
      description: 'The octets, or the message in them',
      schema: nestedMessage,
      types: ['application/octet-stream', 'image/png', 'image/jpeg', 'image/gif', 'image/webp'],
    },
  },
  async handle(call) {
    const { path, query, http } = call
    const { number } = await find(path.id, query, http)
    return reading(number, http.store, () =>
      query.as === 'message' ? nestedOf(number, path.part, http) : answer(number, path.part, call),
    )
  },
})

async function answer(
  id: number,
  partNumber: string,
  asked: Asked & { readonly query: { readonly inline: boolean }; readonly http: HttpContext },
): Promise<Response> {
  const { query, http } = asked
  const root = await http.store.structure(id)
  if (!root) throw gone(id)
  const part = findPart(root, partNumber)
  if (!part) throw new HttpProblem(404, `Message ${id} has no part ${partNumber}.`)
  const octets = () => {
    const slice = http.store.raw(id, { start: part.bodyStart, end: part.end })
    if (!slice) throw gone(id)
    return decoded(slice, part)
  }
  const name = fileName(part) ?? `mail-${id}-part-${part.number}`
  const image = query.inline && (await imageResponse(octets, { name, type: part.type }, asked))
  return image || downloadResponse(octets, { name }, asked)
}

async function nestedOf(id: number, part: string, { store }: HttpContext): Promise<Response> {
  const nested = await store.nested(id, part)
  if (nested) return json(nested)
  throw new HttpProblem(404, `Message ${id} has no message in a part ${part}.`)
}

const fileName = (part: Part): string | undefined =>
  part.dispositionParameters.get('filename') ?? part.parameters.get('name')

/** The octets without their transfer encoding; an error of the source is an error of the result, and ends both. */
function decoded(source: Readable, part: Part): Readable {
  const decoder = decodeStream(part)
  pipeline(source, decoder, () => {})
  return decoder
}
