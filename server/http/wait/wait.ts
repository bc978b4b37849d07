import type { IncomingMessage } from 'node:http'
import type { HttpContext } from '../context.ts'
import { invalid } from '../query.ts'
import type { WaitAnswer } from '../resources.ts'
import { json, route } from '../route.ts'
import { type Asked, askedInQuery, bodyWith, queryWith, readAsked } from './asked.ts'
import { awaitMail } from './await-mail.ts'
import { stillOpen, timedOut, unexpected, waitAnswer } from './documents.ts'
import { count, exact, settle, timeout, usualTimeout } from './parameters.ts'

const query = queryWith({
  timeout: timeout.query,
  count: count.query,
  exact: exact.query,
  settle: settle.query,
})
const body = { timeout: timeout.json, count: count.json, exact: exact.json, settle: settle.json }

const answers = {
  200: { description: 'They are there', schema: waitAnswer },
  404: timedOut,
  409: { ...unexpected, description: '`exact`: there are more' },
  504: { ...stillOpen, description: '`exact`: mail that could match is still being sent' },
}

const description =
  'With `since`, the first `count` messages after it that match, in the order of their ids. Without, the newest: a message that is there already answers at once. With `exact` there may be no more than `count`: it also waits for what is being sent at that moment, as `/v1/none` does.'

/** `GET /v1/wait` */
export const getWait = route({
  method: 'get',
  path: '/v1/wait',
  summary: 'Wait for messages',
  group: 'Waiting',
  example: `curl -s '/v1/wait?to=ann@example.com&subject=welcome&timeout=10s'`,
  description,
  query,
  answers,
  handle: ({ query, incoming, http }) => answer(askedInQuery(query, http), query, incoming, http),
})

/** `POST /v1/wait`: the same in JSON. */
export const postWait = route({
  method: 'post',
  path: '/v1/wait',
  summary: 'Wait for messages, with a matcher in JSON',
  group: 'Waiting',
  example: `curl -s '/v1/wait' -H 'content-type: application/json' \\
  -d '{"any":[{"to":"ann@example.com"},{"cc":"ann@example.com"}],"timeout":"10s"}'`,
  description: 'As `GET /v1/wait`; everything is in the body, or everything in the query.',
  query,
  body: bodyWith(body),
  answers,
  handle({ query, body: given, incoming, http }) {
    const { values, asked } = readAsked(query, given, Object.keys(body), http)
    return answer(asked, values, incoming, http)
  },
})

type Values = {
  readonly timeout?: number | undefined
  readonly count?: number | undefined
  readonly exact?: boolean | undefined
  readonly settle?: number | undefined
}

async function answer(
  asked: Asked,
  { timeout = usualTimeout, count = 1, exact = false, settle = 0 }: Values,
  incoming: IncomingMessage,
  http: HttpContext,
): Promise<Response> {
  if (settle > 0 && !exact) throw invalid('settle', 'goes together with exact')
  const options = { count, most: exact ? count : undefined, settle }
  const patience = http.patients.begin(incoming, timeout, settle)
  try {
    const messages = await awaitMail(asked, options, patience, http)
    const message = messages[0] as (typeof messages)[number]
    return json({ messages, message, cursor: http.store.cursor } satisfies WaitAnswer)
  } finally {
    patience.end()
  }
}
