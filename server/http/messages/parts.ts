import { messageParts } from '../documents.ts'
import { matcherQuery } from '../matcher.ts'
import { json, route } from '../route.ts'
import { find, gone, idOrLatest, reading } from './found.ts'

/** `GET /v1/messages/{id}/parts`: the MIME tree. */
export const getParts = route({
  method: 'get',
  path: '/v1/messages/{id}/parts',
  summary: 'Get the tree of MIME parts',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest/parts'`,
  parameters: { id: idOrLatest },
  query: matcherQuery,
  answers: { 200: { description: 'The tree', schema: messageParts } },
  async handle({ path, query, http }) {
    const { number } = await find(path.id, query, http)
    const root = await reading(number, http.store, () => http.store.parts(number))
    if (!root) throw gone(number)
    return json({ root })
  },
})
