import type { MailTransaction } from './mail-transactions.ts'
import type { Matcher } from './matcher.ts'
import { type Pattern, whole } from './pattern.ts'

/** True or false, or undefined: what is still to come decides. */
type Perhaps = boolean | undefined

/** Instructions times characters: a regular expression that would take longer is not asked. */
const costLimit = 50_000

/**
 * Whether what a transaction delivers could match: false only where the envelope rules it out, which knows neither the
 * header nor, before DATA, all recipients. Throws a QueryError where the matcher cannot be read.
 */
export const couldMatch = (matcher: Matcher, transaction: MailTransaction): boolean =>
  perhaps(matcher, transaction) !== false

const perhaps = (matcher: Matcher, transaction: MailTransaction): Perhaps => {
  const { mailFrom, authUser } = transaction.origin
  const known: Perhaps[] = []
  for (const [key, value] of Object.entries(matcher)) {
    const patterns = () => [value].flat().map(each => whole(each as string, key))
    switch (key) {
      case 'rcpt':
        known.push(...patterns().map(pattern => isRecipient(pattern, transaction)))
        break
      case 'address':
        // A header that names it will do as well.
        known.push(...patterns().map(pattern => isRecipient(pattern, transaction) || undefined))
        break
      case 'mailFrom':
        known.push(...patterns().map(pattern => test(pattern, [mailFrom])))
        break
      case 'authUser':
        known.push(...patterns().map(pattern => test(pattern, [authUser ?? ''])))
        break
      case 'any':
        known.push(or((value as readonly Matcher[]).map(one => perhaps(one, transaction))))
        break
      case 'not':
        known.push(not(perhaps(value as Matcher, transaction)))
        break
      default:
        known.push(undefined)
    }
  }
  return and(known)
}

const isRecipient = (pattern: Pattern, { rcptTo, isAddressed }: MailTransaction): Perhaps =>
  test(pattern, rcptTo) || (isAddressed ? test(pattern, rcptTo) : undefined)

const test = (pattern: Pattern, texts: readonly string[]): Perhaps => {
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  return length * pattern.cost > costLimit ? undefined : texts.some(pattern)
}

const and = (all: readonly Perhaps[]): Perhaps =>
  all.includes(false) ? false : all.includes(undefined) ? undefined : true
const or = (all: readonly Perhaps[]): Perhaps =>
  all.includes(true) ? true : all.includes(undefined) ? undefined : false
const not = (one: Perhaps): Perhaps => (one === undefined ? undefined : !one)
