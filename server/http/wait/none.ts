import type { NoneAnswer } from '../resources.ts'
import { json, route } from '../route.ts'
import { bodyWith, queryWith, readAsked } from './asked.ts'
import { awaitNone } from './await-mail.ts'
import { noneAnswer, stillOpen, unexpected } from './documents.ts'
import { settle, timeout, usualTimeout } from './parameters.ts'

const body = { timeout: timeout.json, settle: settle.json }

/** `POST /v1/none`: nothing matches, and nothing that is under way will. */
export const postNone = route({
  method: 'post',
  path: '/v1/none',
  summary: 'Prove that no message matches',
  group: 'Waiting',
  example: `curl -s '/v1/none' -H 'content-type: application/json' \\
  -d '{"address":"nobody@example.com","subject":"invoice"}'`,
  description:
    'It waits for the SMTP transactions that are open when it is asked (from the reply to `MAIL` to the last reply) and could match by their envelopes, until what they delivered is parsed, and then `settle` longer. Later transactions are not waited for, so that it is answered on a busy server too; a message that matches is told as soon as it is there. Without `since` stored mail counts.',
  query: queryWith({ timeout: timeout.query, settle: settle.query }),
  body: bodyWith(body),
  answers: {
    200: { description: 'There is none', schema: noneAnswer },
    409: unexpected,
    504: stillOpen,
  },
  async handle({ query, body: given, incoming, http }) {
    const { values, asked } = readAsked(query, given, Object.keys(body), http)
    const { timeout = usualTimeout, settle = 0 } = values
    const patience = http.patients.begin(incoming, timeout, settle)
    try {
      const waitedFor = await awaitNone(asked, settle, patience, http)
      return json({ cursor: http.store.cursor, waitedFor } satisfies NoneAnswer)
    } finally {
      patience.end()
    }
  },
})
