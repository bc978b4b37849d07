import type { MailTransaction } from './mail-transactions.ts'
import type { Matcher } from './matcher.ts'
import { type Pattern, whole } from './pattern.ts'
import { Texts } from './texts.ts'

/** True or false, or undefined: what is still to come decides. */
type Perhaps = boolean | undefined

/** Those of a matcher, by key and value: made once for all transactions that it is held against. */
export type Patterns = Map<string, Pattern>

/** What a transaction says, as patterns look at it. */
type Said = {
  readonly rcptTo: Texts
  readonly isAddressed: boolean
  readonly mailFrom: Texts
  readonly authUser: Texts
}

/** Instructions times characters: a regular expression that would take longer is not asked. */
const costLimit = 50_000

/**
 * Whether what a transaction delivers could match: false only where the envelope rules it out, which knows neither the
 * header nor, before DATA, all recipients. Throws a QueryError where the matcher cannot be read.
 */
export const couldMatch = (
  matcher: Matcher,
  { origin, rcptTo, isAddressed }: MailTransaction,
  patterns: Patterns = new Map(),
): boolean => {
  const said: Said = {
    rcptTo: new Texts(rcptTo),
    isAddressed,
    mailFrom: new Texts([origin.mailFrom]),
    authUser: new Texts([origin.authUser ?? '']),
  }
  return perhaps(matcher, said, patterns) !== false
}

const perhaps = (matcher: Matcher, said: Said, made: Patterns): Perhaps => {
  const known: Perhaps[] = []
  for (const [key, value] of Object.entries(matcher)) {
    const patterns = () => [value].flat().map(each => patternOf(each as string, key, made))
    switch (key) {
      case 'rcpt':
        known.push(...patterns().map(pattern => isRecipient(pattern, said)))
        break
      case 'address':
        // A header that names it will do as well.
        known.push(...patterns().map(pattern => isRecipient(pattern, said) || undefined))
        break
      case 'mailFrom':
        known.push(...patterns().map(pattern => test(pattern, said.mailFrom)))
        break
      case 'authUser':
        known.push(...patterns().map(pattern => test(pattern, said.authUser)))
        break
      case 'any':
        known.push(or((value as readonly Matcher[]).map(one => perhaps(one, said, made))))
        break
      case 'not':
        known.push(not(perhaps(value as Matcher, said, made)))
        break
      default:
        known.push(undefined)
    }
  }
  return and(known)
}

const patternOf = (value: string, key: string, made: Patterns): Pattern => {
  const name = `${key} ${value}`
  const pattern = made.get(name) ?? whole(value, key)
  made.set(name, pattern)
  return pattern
}

const isRecipient = (pattern: Pattern, { rcptTo, isAddressed }: Said): Perhaps =>
  test(pattern, rcptTo) || (isAddressed ? test(pattern, rcptTo) : undefined)

const test = (pattern: Pattern, texts: Texts): Perhaps =>
  texts.length * pattern.cost > costLimit ? undefined : pattern.some(texts)

const and = (all: readonly Perhaps[]): Perhaps =>
  all.includes(false) ? false : all.includes(undefined) ? undefined : true
const or = (all: readonly Perhaps[]): Perhaps =>
  all.includes(true) ? true : all.includes(undefined) ? undefined : false
const not = (one: Perhaps): Perhaps => (one === undefined ? undefined : !one)
