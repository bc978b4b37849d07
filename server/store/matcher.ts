import { always, and, type Condition, not, or } from './condition.ts'
import * as field from './fields.ts'
import { PatternBudget } from './pattern-budget.ts'
import { readQuery } from './query.ts'
import { UnknownInboxError } from './query-error.ts'

/**
 * The one language of list, wait, delete and mark (as query parameters or JSON). Everything given must hold.
 * A string is a case-insensitive whole address (`*` is a wildcard) for the address keys, a case-insensitive
 * substring for the text keys; `/…/` or `/…/i` is a regular expression; a leading `\/` is a literal `/`.
 * An array must hold for each of its values.
 */
export type Matcher = {
  readonly to?: string | readonly string[]
  readonly cc?: string | readonly string[]
  readonly bcc?: string | readonly string[]
  readonly from?: string | readonly string[]
  readonly replyTo?: string | readonly string[]
  readonly rcpt?: string | readonly string[]
  readonly mailFrom?: string | readonly string[]
  /** `rcpt`, or to, cc or bcc. */
  readonly address?: string | readonly string[]
  readonly subject?: string | readonly string[]
  readonly text?: string | readonly string[]
  readonly html?: string | readonly string[]
  /** `text` or `html`. */
  readonly body?: string | readonly string[]
  /** Decoded header fields by name. */
  readonly header?: Readonly<Record<string, string | readonly string[]>>
  /** A file name, whole, with `*`. */
  readonly attachment?: string | readonly string[]
  readonly hasAttachment?: boolean
  readonly tag?: string | readonly string[]
  /** The id of an inbox of the API. */
  readonly inbox?: string
  readonly authUser?: string | readonly string[]
  readonly unread?: boolean
  readonly minSize?: number
  readonly maxSize?: number
  /** Ids: `since` is exclusive, `upto` inclusive. */
  readonly since?: number
  readonly upto?: number
  /** Milliseconds since 1970, UTC; after is exclusive, before is exclusive. */
  readonly receivedAfter?: number
  readonly receivedBefore?: number
  /** The search box's language, see `query.ts`. */
  readonly q?: string
  readonly any?: readonly Matcher[]
  readonly not?: Matcher
}

const all = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

/**
 * The condition that a matcher stands for. `since` and `upto` are left out: they bound the walk over the entries.
 * Throws a QueryError that names the key, also where it is too much for the budget.
 */
export const readMatcher = (
  matcher: Matcher,
  now: number,
  budget = new PatternBudget(),
): Condition => {
  const { any, not: excluded } = matcher
  const conditions: Condition[] = []
  const each = (key: keyof Matcher & string, make: (value: string) => Condition): void => {
    for (const value of all(matcher[key] as string | readonly string[] | undefined)) {
      conditions.push(make(value))
    }
  }
  for (const key of ['to', 'cc', 'bcc', 'from', 'replyTo'] as const) {
    each(key, value => field.headerAddress([key], budget.whole(value, key)))
  }
  each('rcpt', value => field.recipient(budget.whole(value, 'rcpt')))
  each('mailFrom', value => field.indexed('mailFrom', budget.whole(value, 'mailFrom')))
  each('address', value => {
    const pattern = budget.whole(value, 'address')
    return or([field.recipient(pattern), field.headerAddress(['to', 'cc', 'bcc'], pattern)])
  })
  each('subject', value => field.indexed('subject', budget.substring(value, 'subject')))
  each('text', value => field.bodyText(budget.substring(value, 'text')))
  each('html', value => field.bodyHtml(budget.substring(value, 'html')))
  each('body', value => {
    const pattern = budget.substring(value, 'body')
    return or([field.bodyText(pattern), field.bodyHtml(pattern)])
  })
  each('attachment', value => field.fileName(budget.whole(value, 'attachment')))
  each('tag', value => field.tag(budget.whole(value, 'tag')))
  each('inbox', value => field.inInbox(value))
  each('authUser', value => field.indexed('authUser', budget.whole(value, 'authUser')))
  for (const [name, values] of Object.entries(matcher.header ?? {})) {
    for (const value of all(values)) {
      conditions.push(field.headerField(name, budget.substring(value, `header.${name}`)))
    }
  }
  if (matcher.hasAttachment !== undefined) {
    conditions.push(field.hasParts('attachments', matcher.hasAttachment))
  }
  if (matcher.unread !== undefined) conditions.push(field.unread(matcher.unread))
  const { minSize = 0, maxSize = Number.MAX_SAFE_INTEGER } = matcher
  if (matcher.minSize !== undefined || matcher.maxSize !== undefined) {
    conditions.push(field.between('size', minSize, maxSize))
  }
  const { receivedAfter = -1, receivedBefore = Number.MAX_SAFE_INTEGER } = matcher
  if (matcher.receivedAfter !== undefined || matcher.receivedBefore !== undefined) {
    conditions.push(field.between('receivedAt', receivedAfter + 1, receivedBefore - 1))
  }
  if (matcher.q !== undefined) {
    conditions.push(readQuery(matcher.q, now, budget))
  }
  if (any) conditions.push(or(any.map(one => readInner(one, 'any', now, budget))))
  if (excluded) conditions.push(not(readInner(excluded, 'not', now, budget)))
  return conditions.length === 0 ? always : and(conditions)
}

/** Throws an UnknownInboxError where a matcher names an inbox that there is not. */
export const checkInboxes = (matcher: Matcher, isThere: (id: string) => boolean): void => {
  const { inbox, any = [], not } = matcher
  if (inbox !== undefined && !isThere(inbox)) throw new UnknownInboxError(inbox)
  for (const one of not ? [...any, not] : any) checkInboxes(one, isThere)
}

/** A matcher inside `any` or `not` bounds by ids as by anything else. */
const readInner = (
  matcher: Matcher,
  key: string,
  now: number,
  budget: PatternBudget,
): Condition => {
  budget.count(key)
  const { since = 0, upto = Number.MAX_SAFE_INTEGER } = matcher
  return and([field.between('id', since + 1, upto), readMatcher(matcher, now, budget)])
}
