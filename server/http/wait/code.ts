import { chooseCode } from '../../mime/extract/choose.ts'
import { HttpProblem } from '../problem.ts'
import type {
  AmbiguousProblem,
  Code,
  CodeAnswer,
  FailedCondition,
  MessageDetail,
} from '../resources.ts'
import { route } from '../route.ts'
import { askedInQuery, queryWith } from './asked.ts'
import { awaitMail } from './await-mail.ts'
import { ambiguous, codeAnswer, timedOut } from './documents.ts'
import { timeout, usualTimeout } from './parameters.ts'
import { textOrJson } from './text-or-json.ts'

/** `GET /v1/code`: just the code. */
export const getCode = route({
  method: 'get',
  path: '/v1/code',
  summary: 'Wait for a one-time code',
  group: 'Waiting',
  example: `curl -s '/v1/code?address=ann@example.com'`,
  description:
    'The code of the message that `/v1/wait` would answer, passing over those without one: just the code, without a line end; more about it with `Accept: application/json`. Where several are as likely it is not guessed.',
  query: queryWith({ timeout: timeout.query }),
  answers: {
    200: { description: 'The code', schema: codeAnswer, types: ['text/plain'] },
    404: timedOut,
    409: ambiguous,
  },
  async handle({ query, incoming, http }) {
    const asked = askedInQuery(query, http)
    const patience = http.patients.begin(incoming, query.timeout ?? usualTimeout)
    try {
      const [mail] = await awaitMail(asked, { count: 1, lacks: lacksCode }, patience, http)
      const { id, codes } = mail as MessageDetail
      const code = codeOf(mail as MessageDetail).value
      const answer: CodeAnswer = { code, candidates: codes, id, cursor: http.store.cursor }
      return textOrJson(code, answer, incoming)
    } finally {
      patience.end()
    }
  },
})

export const lacksCode = ({ codes }: MessageDetail): FailedCondition | null =>
  codes.length > 0 ? null : { condition: 'code', wanted: 'a one-time code', nearest: null }

/** The code of a message that has one. Throws a 409 where several are as likely. */
export function codeOf({ id, codes }: MessageDetail): Code {
  const { only, candidates } = chooseCode(codes)
  if (only) return only
  const values = candidates.map(({ value }) => value).join(', ')
  throw new HttpProblem(409, `Message ${id} has several codes: ${values}.`, {
    members: { id, candidates } satisfies Partial<AmbiguousProblem>,
  })
}
