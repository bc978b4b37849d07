import * as z from 'zod'
import type { HttpContext } from '../context.ts'
import { htmlResponse, problemOfHtml, textResponse } from '../mail-response.ts'
import { matcherQuery } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import type { Values } from '../query.ts'
import { route } from '../route.ts'
import { queryId, querySwitch } from '../values.ts'
import { find, findById, gone, idOrLatest, reading } from './found.ts'
import { partNumber } from './part.ts'

/** `GET /v1/messages/{id}/text`: what there is to read, decoded. */
export const getText = route({
  method: 'get',
  path: '/v1/messages/{id}/text',
  summary: 'Get the text, or else the text made from the HTML',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest/text'`,
  parameters: { id: idOrLatest },
  query: matcherQuery,
  answers: { 200: { description: 'The text', types: ['text/plain'] } },
  async handle({ path, query, http }) {
    const { number } = await find(path.id, query, http)
    const content = await reading(number, http.store, () => http.store.content(number))
    if (content === undefined) throw gone(number)
    if (content === null) throw new HttpProblem(422, `Message ${number} could not be parsed.`)
    return textResponse(content.plainText)
  },
})

const remote = querySwitch
  .optional()
  .meta({ description: 'Whether pictures, styles and fonts may come from elsewhere' })

const view = {
  remote,
  part: partNumber.optional().meta({ description: 'Of the message in that message/rfc822 part' }),
  scheme: z.literal('forced-dark').optional().meta({
    description: 'The pictures as negatives, for who shows the whole as its negative',
  }),
}

type View = Values<typeof view>

/** `GET /v1/messages/{id}/html`: the HTML as an isolated document. */
export const getHtml = route({
  method: 'get',
  path: '/v1/messages/{id}/html',
  summary: 'Get the HTML as a document of its own that can run nothing',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest/html?subject=welcome'`,
  parameters: { id: idOrLatest },
  query: { ...view, ...matcherQuery },
  answers: { 200: { description: 'The document', types: ['text/html'] } },
  async handle({ path, query, http }) {
    const { number } = await find(path.id, query, http)
    return htmlOf(number, query, http)
  },
})

/** `GET /m/{id}/html`: the same for the web inbox's frame, at an address to share. */
export const getMailFrame = route({
  method: 'get',
  path: '/m/{id}/html',
  summary: 'Show the HTML of a message alone',
  group: 'Messages',
  example: `curl -s '/m/{id}/html'`,
  parameters: { id: queryId },
  query: view,
  answers: { 200: { description: 'The document', types: ['text/html'] } },
  async handle({ path, query, isForeignLink, http }) {
    try {
      const { number } = findById(path.id, http.store)
      // What comes from elsewhere is let in by who reads the mail, not by who links to it; the mail itself may.
      const isRemote = isForeignLink ? undefined : query.remote
      return await htmlOf(number, { ...query, remote: isRemote }, http)
    } catch (error) {
      throw error instanceof HttpProblem ? problemOfHtml(error) : error
    }
  },
})

async function htmlOf(
  id: number,
  { remote: isRemote, part, scheme }: View,
  { store, allowRemote }: HttpContext,
): Promise<Response> {
  const html = await reading(id, store, () =>
    store.html(id, { ...(part && { part }), isForcedDark: scheme === 'forced-dark' }),
  )
  if (html !== undefined) return htmlResponse(html, isRemote ?? allowRemote)
  throw new HttpProblem(404, `Message ${id} has no HTML${part ? ` in a part ${part}` : ''}.`)
}
