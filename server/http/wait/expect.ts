import * as z from 'zod'
import { PatternBudget } from '../../store/pattern-budget.ts'
import type { HttpContext } from '../context.ts'
import { type JsonMatcher, matcherBody } from '../matcher.ts'
import { HttpProblem } from '../problem.ts'
import { invalid } from '../query.ts'
import type { ExpectAnswer, Expectation, MessageDetail, MessageSummary } from '../resources.ts'
import { json, route } from '../route.ts'
import { jsonCount, jsonPosition } from '../values.ts'
import { askedInJson } from './asked.ts'
import { awaitMail } from './await-mail.ts'
import { codeOf, lacksCode } from './code.ts'
import { failureOf } from './diagnosis.ts'
import { expectAnswer } from './documents.ts'
import { summaryOfMail } from './found-mail.ts'
import { type LinkWish, lacksLink, linkKind, linkOf, wantedLink } from './link.ts'
import { mostMessages, settle, timeout, usualTimeout } from './parameters.ts'
import type { Patience } from './patience.ts'

const many = jsonCount(0, mostMessages).optional()

const assertion = z
  .strictObject({
    match: matcherBody,
    count: many.meta({ description: 'Exactly so many' }),
    min: many.meta({ description: 'At least so many' }),
    max: many.meta({ description: 'At most so many, as `/v1/none` would prove' }),
    none: z.literal(true).optional().meta({ description: 'The same as `"count": 0`' }),
    has: matcherBody.optional().meta({ description: 'What each of them must be besides' }),
    code: z
      .union([z.literal(true), z.string().min(1).max(100)])
      .optional()
      .meta({ description: 'It has a code, which is answered; a string is what that must be' }),
    link: z
      .union([
        z.literal(true),
        z.strictObject({
          text: z.string().min(1).max(1_000).optional(),
          kind: linkKind.optional(),
        }),
      ])
      .optional()
      .meta({ description: 'It has a link, which is answered: which, as for `/v1/link`' }),
  })
  .meta({
    id: 'Assertion',
    description: 'Which messages are meant: at least one has to `match`, unless it says how many.',
  })

type Assertion = z.output<typeof assertion>

/** `POST /v1/expect`: several assertions at once. */
export const postExpect = route({
  method: 'post',
  path: '/v1/expect',
  summary: 'Assert several things at once',
  group: 'Waiting',
  example: `curl -s '/v1/expect' -H 'content-type: application/json' -d '{
  "expect": [
    { "match": { "to": "ann@example.com" }, "has": { "subject": "welcome" }, "code": true },
    { "match": { "to": "bob@example.com" }, "none": true }
  ],
  "timeout": "10s"
}'`,
  description:
    'All are waited for at the same time. The status is 200 also where some do not hold: `ok` tells, of all together and of each, and `problem` why, as the call for it alone would.',
  body: z.strictObject({
    expect: z.array(assertion).min(1).max(50),
    since: z
      .union([z.literal('now'), jsonPosition])
      .optional()
      .meta({ description: 'For every `match` without one' }),
    timeout: timeout.json,
    settle: settle.json.meta({ description: 'For those that say how many there may be' }),
  }),
  answers: { 200: { description: 'What came of each', schema: expectAnswer } },
  async handle({ body, incoming, http }) {
    const since = body.since === 'now' ? http.store.cursor : body.since
    const { expect: assertions, timeout = usualTimeout, settle = 0 } = body
    const budget = new PatternBudget()
    const runs = assertions.map((one, at) => prepare(one, { since, settle, at, budget }, http))
    const patience = http.patients.begin(incoming, timeout, settle)
    try {
      const results = await Promise.all(runs.map(run => run(patience)))
      const ok = results.every(result => result.ok)
      return json({ ok, results, cursor: http.store.cursor } satisfies ExpectAnswer)
    } finally {
      // Those that still wait, after one that cannot be asked for.
      patience.abandon(new HttpProblem(400, 'Another assertion cannot be read.'))
      patience.end()
    }
  },
})

/** Reads an assertion; what it answers with waits for it, and rejects where it cannot be asked for. */
function prepare(
  { match, has, code, link, ...numbers }: Assertion,
  {
    since,
    settle,
    at,
    budget,
  }: { since: number | undefined; settle: number; at: number; budget: PatternBudget },
  http: HttpContext,
): (patience: Patience) => Promise<Expectation> {
  const { count, most } = howMany(numbers, at)
  const other = Object.keys(numbers)[0]
  const single = code !== undefined ? 'code' : link !== undefined ? 'link' : undefined
  if (single !== undefined && other !== undefined) {
    throw invalid(`expect.${at}.${single}`, `is of one message, and does not go with ${other}`)
  }
  const asked = askedInJson({ ...(since !== undefined && { since }), ...match }, http, budget)
  const besides = has && askedInJson(has as JsonMatcher, http, budget)
  const wanted =
    link === undefined ? undefined : wantedLink(link === true ? {} : (link as LinkWish))
  const lacks = (mail: MessageDetail) =>
    (code !== undefined && lacksCode(mail)) || (wanted && lacksLink(wanted)(mail)) || null
  return async patience => {
    let messages: readonly MessageSummary[] = []
    try {
      const mails = await awaitMail(asked, { count, most, settle, lacks }, patience, http)
      messages = mails.map(summaryOfMail)
      if (besides) for (const { id } of mails) await assertHas(id, besides.matcher, http)
      const [mail] = mails
      const found = mail && code !== undefined ? codeOf(mail).value : undefined
      if (typeof code === 'string' && found !== code) {
        throw new HttpProblem(409, `Message ${mail?.id} has the code ${found}, not ${code}.`)
      }
      return {
        ok: true,
        messages,
        ...(found !== undefined && { code: found }),
        ...(mail && wanted && { link: linkOf(mail, wanted) }),
      }
    } catch (error) {
      if (!(error instanceof HttpProblem) || !failures.includes(error.status)) throw error
      const { messages: all = messages } = error.extras.members ?? {}
      return {
        ok: false,
        messages: all as readonly MessageSummary[],
        problem: error.toJSON(),
      }
    }
  }
}

/** What it means that an assertion does not hold; anything else is an error of who asked, or of ours. */
const failures = [404, 409, 504]

function howMany(
  { count, min, max, none }: Pick<Assertion, 'count' | 'min' | 'max' | 'none'>,
  at: number,
): { readonly count: number; readonly most: number | undefined } {
  const exactly = none ? 0 : count
  if ((none && count !== undefined) || (exactly !== undefined && (min ?? max) !== undefined)) {
    throw invalid(`expect.${at}`, 'says how many in two ways')
  }
  if (exactly !== undefined) return { count: exactly, most: exactly }
  const least = min ?? (max === undefined ? 1 : 0)
  if (max !== undefined && least > max) throw invalid(`expect.${at}.max`, 'is less than min')
  return { count: least, most: max }
}

async function assertHas(
  id: number,
  matcher: Parameters<typeof failureOf>[1],
  http: HttpContext,
): Promise<void> {
  const entry = http.store.entry(id)
  if (!entry)
    throw new HttpProblem(409, `Message ${id} was deleted before it could be looked into.`)
  const failed = await failureOf(entry, matcher, http)
  if (!failed) return
  const { condition, wanted, nearest } = failed
  const has = nearest === null ? 'it has none' : `it has “${nearest}”`
  throw new HttpProblem(
    409,
    `Message ${id} fails at ${condition}: wanted is “${wanted}”, ${has}.`,
    {
      members: { failed },
    },
  )
}
