import { messageChecks } from '../check-documents.ts'
import type { HttpContext } from '../context.ts'
import { matcherQuery } from '../matcher.ts'
import type { MessageChecks } from '../resources.ts'
import { json, route } from '../route.ts'
import { find, gone, idOrLatest, reading } from './found.ts'

/** `GET /v1/messages/{id}/checks`: what is wrong with a message, found when somebody asks. */
export const getChecks = route({
  method: 'get',
  path: '/v1/messages/{id}/checks',
  summary: 'Check a message: clients, links, images, headers, accessibility',
  group: 'Messages',
  example: `curl -s '/v1/messages/latest/checks'`,
  description:
    'Done in a worker, within eight seconds, and kept. `state` says whether all of the message was looked at; a group that could not be is `failed`, with its reason. Nothing is looked up: signatures are taken apart, not verified, and links are not followed.',
  parameters: { id: idOrLatest },
  query: matcherQuery,
  answers: { 200: { description: 'What was found', schema: messageChecks } },
  async handle({ path, query, http }) {
    const { number } = await find(path.id, query, http)
    return json(await reading(number, http.store, () => checksOf(number, http)))
  },
})

async function checksOf(id: number, { store, checker }: HttpContext): Promise<MessageChecks> {
  const checks = await checker.check(id, async () => {
    const source = await store.source(id)
    if (!source) throw gone(id)
    return source
  })
  return { id, ...checks }
}
