import * as z from 'zod'
import { excerpt } from '../../mime/excerpt.ts'
import { type Choice, chooseLink } from '../../mime/extract/choose.ts'
import { type Pattern, substring } from '../../store/pattern.ts'
import { HttpProblem } from '../problem.ts'
import { invalid } from '../query.ts'
import type {
  AmbiguousProblem,
  FailedCondition,
  Link,
  LinkAnswer,
  MessageDetail,
} from '../resources.ts'
import { route } from '../route.ts'
import { pattern } from '../values.ts'
import { askedInQuery, queryWith } from './asked.ts'
import { awaitMail } from './await-mail.ts'
import { ambiguous, linkAnswer, timedOut } from './documents.ts'
import { timeout, usualTimeout } from './parameters.ts'
import { textOrJson } from './text-or-json.ts'

/** Which link is meant, as it is asked for. */
export type LinkWish = {
  /** Text on the link, or in its address; `/…/` is a regular expression. */
  readonly text?: string | undefined
  readonly kind?: Link['kind'] | undefined
}

export const linkKind = z.enum(['action', 'unsubscribe', 'mailto', 'tel', 'link', 'image', 'other'])

/** `GET /v1/link`: just the address. */
export const getLink = route({
  method: 'get',
  path: '/v1/link',
  summary: 'Wait for a link',
  group: 'Waiting',
  example: `curl -s '/v1/link?address=ann@example.com&text=confirm'`,
  description:
    'The link of the message that `/v1/wait` would answer, passing over those without one: what the mail asks to do, or else its only link. Just the address, without a line end; more about it with `Accept: application/json`. Where there are several it is not guessed. Here `text` is of the link; a text of the message can be asked for with `body`.',
  query: {
    ...queryWith({ timeout: timeout.query }),
    text: pattern
      .optional()
      .meta({ description: 'Text on the link, or else in its address; `/…/` is an expression' }),
    kind: linkKind.optional().meta({ description: 'Links of this kind alone' }),
  },
  answers: {
    200: { description: 'The address', schema: linkAnswer, types: ['text/plain'] },
    404: timedOut,
    409: ambiguous,
  },
  async handle({ query, incoming, http }) {
    const { text, kind, ...matcher } = query
    const asked = askedInQuery({ ...matcher, text: undefined }, http)
    const wanted = wantedLink({ text, kind })
    const patience = http.patients.begin(incoming, query.timeout ?? usualTimeout)
    try {
      const [mail] = await awaitMail(asked, { count: 1, lacks: lacksLink(wanted) }, patience, http)
      const link = linkOf(mail as MessageDetail, wanted)
      const { id } = mail as MessageDetail
      const answer: LinkAnswer = { href: link.href, link, id, cursor: http.store.cursor }
      return textOrJson(link.href, answer, incoming)
    } finally {
      patience.end()
    }
  },
})

export type WantedLink = {
  /** For people. */
  readonly name: string
  readonly kind: Link['kind'] | undefined
  readonly pattern: Pattern | undefined
}

/** Instructions times characters that a regular expression may cost for the links of one message. */
const costLimit = 2_000_000

/** Reads a wish. Throws a QueryError where the expression cannot be read. */
export function wantedLink({ text, kind }: LinkWish): WantedLink {
  const name = [kind && `of kind ${kind}`, text && `with “${text}”`].filter(Boolean).join(', ')
  return {
    name: name === '' ? 'a link' : `a link ${name}`,
    kind,
    pattern: text === undefined ? undefined : substring(text, 'text'),
  }
}

export const lacksLink =
  (wanted: WantedLink) =>
  ({ links }: MessageDetail): FailedCondition | null => {
    const { only, candidates = [] } = choose(links, wanted)
    if (only || candidates.length > 0) return null
    return { condition: 'link', wanted: wanted.name, nearest: links[0]?.href ?? null }
  }

/** The link that is meant. Throws a 409 where it may be several. */
export function linkOf({ id, links }: MessageDetail, wanted: WantedLink): Link {
  const { only, candidates } = choose(links, wanted)
  if (only) return only
  const hrefs = candidates.slice(0, 10).map(({ href }) => excerpt(href, 200))
  throw new HttpProblem(409, `Message ${id} has several links: ${hrefs.join(', ')}.`, {
    members: { id, candidates } satisfies Partial<AmbiguousProblem>,
  })
}

function choose(links: readonly Link[], { kind, pattern }: WantedLink): Choice<Link> {
  let cost = 0
  const matches = (value: string): boolean => {
    cost += value.length * (pattern?.cost ?? 0)
    if (cost > costLimit) throw invalid('text', 'takes too long as a regular expression')
    return pattern?.(value) ?? true
  }
  return chooseLink(links, { ...(kind && { kind }), ...(pattern && { matches }) })
}
