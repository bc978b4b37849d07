import * as z from 'zod'
import { inboxId } from '../store/inbox.ts'
import type { Matcher } from '../store/matcher.ts'
import type { Shape, Values } from './query.ts'
import {
  jsonBoolean,
  jsonOctets,
  jsonPatterns,
  jsonPosition,
  queryBoolean,
  queryOctets,
  queryPatterns,
  queryPosition,
  time,
} from './values.ts'

/** The matcher's keys in both of its guises: parameters of a query and members of a JSON object. */

const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/
const inboxKey = z.string().regex(inboxId, 'expected the id of an inbox')
const q = z.string().min(1).max(1_000)

const meanings = {
  to: 'An address of the To field: whole, whatever its case, * is a wildcard',
  cc: 'An address of the Cc field',
  bcc: 'An address of the Bcc field',
  from: 'An address of the From field',
  replyTo: 'An address of the Reply-To field',
  rcpt: 'A recipient of the envelope',
  mailFrom: 'The sender of the envelope',
  address: 'A recipient of the envelope, or an address of To, Cc or Bcc',
  subject: 'Text in the subject, whatever its case; /…/ or /…/i is a regular expression',
  text: 'Text in the text, or in the text made from the HTML',
  html: 'Text in the HTML source',
  body: 'Text in either',
  attachment: "An attachment's file name, whole, * is a wildcard",
  tag: 'A tag',
  authUser: 'The user that the sending program logged in as',
} as const

type PatternKey = keyof typeof meanings

function patternKeys<T extends z.ZodType>(schema: T): Record<PatternKey, z.ZodOptional<T>> {
  const shape = Object.entries(meanings).map(([key, meaning]) => [
    key,
    z.optional(schema).meta({ description: meaning }),
  ])
  return Object.fromEntries(shape) as Record<PatternKey, z.ZodOptional<T>>
}

const headerPair = z.string().check(context => {
  const at = context.value.indexOf('=')
  if (headerName.test(context.value.slice(0, at)) && context.value.length - at <= 1_001) return
  context.issues.push({
    code: 'custom',
    input: context.value,
    message: "expected a header field's name and at most 1000 characters",
  })
})

/** The matcher as parameters. */
export const matcherQuery = {
  ...patternKeys(queryPatterns),
  'header.NAME': z
    .array(headerPair)
    .max(50)
    .optional()
    .meta({ description: 'Text in the header field NAME, decoded' }),
  inbox: inboxKey.optional().meta({ description: 'The id of an inbox that it belongs to' }),
  hasAttachment: queryBoolean.optional().meta({ description: 'Whether there are attachments' }),
  unread: queryBoolean.optional().meta({ description: 'Whether it is unread' }),
  minSize: queryOctets.optional().meta({ description: 'Octets, at least' }),
  maxSize: queryOctets.optional().meta({ description: 'Octets, at most' }),
  since: z
    .union([z.literal('now'), queryPosition])
    .optional()
    .meta({ description: 'Only what came after this id; `now` is the newest id' }),
  upto: queryPosition.optional().meta({ description: 'Only what came up to this id' }),
  receivedAfter: time.optional().meta({ description: 'ISO 8601, UTC where it names no zone' }),
  receivedBefore: time.optional().meta({ description: 'ISO 8601, UTC where it names no zone' }),
  q: q.optional().meta({ description: "The search box's language" }),
} satisfies Shape

/** The matcher as JSON: times are still strings there, and `since` may be `now`. */
export type JsonMatcher = Omit<Matcher, 'since' | 'any' | 'not'> & {
  readonly since?: number | 'now'
  readonly any?: readonly JsonMatcher[]
  readonly not?: JsonMatcher
}

const matcherObject = z
  .strictObject({
    ...patternKeys(jsonPatterns),
    header: z
      .record(z.string().regex(headerName), jsonPatterns)
      .refine(fields => Object.keys(fields).length > 0, 'expected a header field')
      .optional(),
    inbox: inboxKey.optional(),
    hasAttachment: jsonBoolean.optional(),
    unread: jsonBoolean.optional(),
    minSize: jsonOctets.optional(),
    maxSize: jsonOctets.optional(),
    since: z.union([z.literal('now'), jsonPosition]).optional(),
    upto: jsonPosition.optional(),
    receivedAfter: time.optional(),
    receivedBefore: time.optional(),
    q: q.optional(),
    get any(): z.ZodOptional<z.ZodType<readonly JsonMatcher[]>> {
      return z.array(matcherBody).min(1).max(50).optional()
    },
    get not(): z.ZodOptional<z.ZodType<JsonMatcher>> {
      return matcherBody.optional()
    },
  })
  .meta({ id: 'Matcher' })

export const matcherBody = matcherObject as unknown as z.ZodType<JsonMatcher>

/** The matcher as JSON, with more members beside its keys. */
export const matcherBodyWith = <S extends Shape>(members: S) =>
  // Its own lists of matchers: shared ones would come into the documentation as schemas without a name.
  matcherObject.extend({
    any: z.array(matcherBody).min(1).max(50).optional(),
    not: matcherBody.optional(),
    ...members,
  }) as unknown as z.ZodType<JsonMatcher & Values<S>>

/** The matcher that a query asks for; `cursor` is what `since=now` means. */
export function matcherOfQuery(values: Values<typeof matcherQuery>, cursor: number): Matcher {
  const { 'header.NAME': pairs, since, ...others } = values
  const header: Record<string, string[]> = Object.create(null)
  for (const pair of pairs ?? []) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    header[name] = [...(header[name] ?? []), pair.slice(at + 1)]
  }
  return given({
    ...others,
    since: since === 'now' ? cursor : since,
    header: pairs && header,
  })
}

/** The matcher that a JSON object asks for. */
export function matcherOfJson(json: JsonMatcher, cursor: number): Matcher {
  const { since, any, not, ...others } = json
  return given({
    ...others,
    since: since === 'now' ? cursor : since,
    any: any?.map(matcher => matcherOfJson(matcher, cursor)),
    not: not && matcherOfJson(not, cursor),
  })
}

/** Whether a matcher says what it looks for, and not merely where: `{}` and `{ any: [{}] }` are everything. */
export function isNarrow({ since: _since, upto: _upto, any, not, ...others }: Matcher): boolean {
  return (
    Object.keys(others).length > 0 ||
    (any?.every(isNarrow) ?? false) ||
    (not !== undefined && isNarrow(not))
  )
}

/** Only the keys that have a value. */
function given(values: { [Key in keyof Matcher]: Matcher[Key] | undefined }): Matcher {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Matcher
}
