import { excerpt } from '../../mime/excerpt.ts'
import { type Condition, Facts } from '../../store/condition.ts'
import type { Matcher } from '../../store/matcher.ts'
import type { Entry } from '../../store/message.ts'
import { Pace } from '../../store/pace.ts'
import type { HttpContext } from '../context.ts'
import type { ArrivedMail, FailedCondition, WaitDiagnosis } from '../resources.ts'
import { summaryOf } from '../summary.ts'
import { type Asked, matcherAsJson } from './asked.ts'
import { nearestTo } from './nearest.ts'
import { type Term, termsOf } from './terms.ts'
import type { Waiter } from './waiter.ts'

/** So many messages are told of, those that fail least, of so many that came last. */
const limits = { told: 20, regarded: 1_000 }

/** Messages that match, and what they lack nevertheless, by id. */
export type Lacking = ReadonlyMap<number, FailedCondition>

type TermCondition = { readonly term: Term; readonly condition: Condition }

/** Why a waiter has not found what was asked for. `matched` are the ids that it found. */
export async function diagnose(
  { matcher }: Asked,
  waiter: Pick<Waiter<unknown>, 'end' | 'removed' | 'isCut'>,
  matched: readonly number[],
  lacking: Lacking,
  http: HttpContext,
): Promise<WaitDiagnosis> {
  const { store } = http
  const { since, upto = Number.POSITIVE_INFINITY } = matcher
  const { end, isCut } = waiter
  // What came elsewhere is nothing to who asks about one inbox, and may be a thousand mails of other tests.
  const { inbox } = matcher
  const { entries, total } = await store.list(
    { since: since ?? 0, upto: Math.min(end, upto), ...(inbox !== undefined && { inbox }) },
    { limit: limits.regarded },
  )
  const terms = conditionsOf(matcher, store)
  const held = new Map<Entry, number>()
  const pace = new Pace()
  for (const entry of entries) {
    if (pace.isDue) await pace.rest()
    held.set(entry, heldOf(entry, terms, store))
  }
  const told = entries
    .filter(({ number }) => !matched.includes(number))
    .sort((a, b) => (held.get(b) ?? 0) - (held.get(a) ?? 0) || b.number - a.number)
    .slice(0, limits.told)
  const arrived = await Promise.all(
    told.map(async (entry): Promise<ArrivedMail | null> => {
      // Where there was no time to look into what is stored, there is none now.
      const failing = isCut ? failingInIndex(entry, terms, http) : failingOf(entry, terms, http)
      const failed = (await failing) ?? lacking.get(entry.number)
      if (!failed) return null
      const { id, receivedAt, from, to, rcptTo, subject } = summaryOf(entry)
      return { id, receivedAt, from, to, rcptTo, subject, failed }
    }),
  )
  return {
    asked: matcherAsJson(matcher),
    since: since ?? null,
    cursor: end,
    matched,
    came: total,
    arrived: arrived.filter(mail => mail !== null).sort((a, b) => a.id - b.id),
    incomplete: isCut,
    ...waiter.removed,
  }
}

/** How much of a matcher holds, as far as the index tells. */
const heldOf = (
  entry: Entry,
  terms: readonly TermCondition[],
  store: HttpContext['store'],
): number => {
  const facts = new Facts()
  return terms.reduce((sum, { condition }) => {
    const holds = store.judge(condition, entry, facts)
    return sum + (holds === undefined ? 1 : holds ? 2 : 0)
  }, 0)
}

/** The first condition of a matcher that fails for a message; null where all hold, or the message is gone. */
export function failureOf(
  entry: Entry,
  matcher: Matcher,
  http: HttpContext,
): Promise<FailedCondition | null> {
  return failingOf(entry, conditionsOf(matcher, http.store), http)
}

const conditionsOf = (matcher: Matcher, store: HttpContext['store']): TermCondition[] =>
  termsOf(matcher).map(term => ({ term, condition: store.condition(term.matcher) }))

async function failingOf(
  entry: Entry,
  terms: readonly TermCondition[],
  http: HttpContext,
): Promise<FailedCondition | null> {
  const conditions = terms.map(({ condition }) => condition)
  const answers = await http.store.lookInto(conditions, entry)
  if (!http.store.entry(entry.number)) return null
  return toldOf(terms[answers.indexOf(false)], entry, http)
}

/** The same, as far as the index tells. */
function failingInIndex(
  entry: Entry,
  terms: readonly TermCondition[],
  http: HttpContext,
): Promise<FailedCondition | null> {
  const facts = new Facts()
  const failing = terms.find(({ condition }) => http.store.judge(condition, entry, facts) === false)
  return toldOf(failing, entry, http)
}

async function toldOf(
  failing: TermCondition | undefined,
  entry: Entry,
  http: HttpContext,
): Promise<FailedCondition | null> {
  if (!failing) return null
  const { name, wanted } = failing.term
  return { condition: name, wanted, nearest: await nearestTo(failing.term, entry, http) }
}

/** The same as a sentence or two. `wanted` is how many had to match. */
export function inWords(diagnosis: WaitDiagnosis, wanted: number, milliseconds: number): string {
  const { since, came, matched, arrived, incomplete, dropped, deleted } = diagnosis
  const within = `within ${milliseconds / 1_000} s`
  const found =
    matched.length === 0 && wanted === 1
      ? `No message matched ${within}.`
      : `${matched.length} of ${wanted} messages matched ${within}.`
  const others =
    since === null
      ? `There ${came === 1 ? 'is' : 'are'} ${came === 0 ? 'no messages' : mails(came)} in all.`
      : `After ${since} came ${came === 0 ? 'nothing' : mails(came)}.`
  const [nearest] = arrived.toReversed()
  const reason = nearest && reasonOf(nearest)
  const unseen =
    incomplete && 'There was no time to look at all that is stored: a longer timeout gives more.'
  const gone = [
    dropped > 0 && `Retention dropped ${mails(dropped)} meanwhile.`,
    deleted > 0 && `Somebody deleted ${mails(deleted)} meanwhile.`,
  ]
  return [found, unseen, others, reason, ...gone].filter(Boolean).join(' ')
}

const mails = (count: number): string => (count === 1 ? '1 message' : `${count} messages`)

const reasonOf = ({ id, failed: { condition, wanted, nearest } }: ArrivedMail): string => {
  const has = nearest === null ? 'and there is none' : `and the nearest is ${quoted(nearest)}`
  return `Message ${id} fails at ${condition}: wanted is ${quoted(wanted)}, ${has}.`
}

const quoted = (text: string): string => `“${text.length > 100 ? `${excerpt(text, 99)}…` : text}”`
