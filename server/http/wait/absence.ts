import { couldMatch } from '../../store/could-match.ts'
import type { MailTransaction } from '../../store/mail-transactions.ts'
import type { HttpContext } from '../context.ts'
import { HttpProblem } from '../problem.ts'
import type {
  MessageDetail,
  OpenProblem,
  OpenTransaction,
  UnexpectedProblem,
} from '../resources.ts'
import type { Asked } from './asked.ts'
import { summaryOfMail } from './found-mail.ts'
import type { Limits, Waiter } from './waiter.ts'

/**
 * Proves that no more than `most` messages match: waits until the SMTP transactions that are open now and whose envelopes
 * could match have come to their end, and what they delivered is known to match or not; then `settle` milliseconds more.
 * Later transactions are not waited for, so that it comes to an end on a busy server. Resolves with how many it waited for.
 * Rejects with a 409 as soon as there are more messages, with a 504 when the time is over before.
 */
export async function proveAbsence(
  waiter: Waiter<MessageDetail>,
  most: number,
  { matcher }: Asked,
  { settle, limits, http }: { settle: number; limits: Limits; http: HttpContext },
): Promise<number> {
  const { store } = http
  // Ids are given at the end: what is being sent comes behind all those that are there.
  const canCome = (matcher.upto ?? Number.POSITIVE_INFINITY) > store.cursor
  const transactions = canCome
    ? store.transactions.open.filter(each => couldMatch(matcher, each))
    : []
  const open = new Set(transactions)
  const newest = () => Math.min(store.cursor, matcher.upto ?? Number.POSITIVE_INFINITY)
  /** The newest id that counts, when the last of them was over. */
  let upto: number | null = open.size === 0 ? newest() : null
  for (const transaction of transactions) {
    void transaction.ended.then(() => {
      open.delete(transaction)
      if (open.size === 0) upto = newest()
      waiter.lookAgain()
    })
  }
  const check = () => {
    const { found } = waiter
    if (found.length > most) throw unexpected(found, most)
  }
  const isProven = await waiter.until(() => {
    check()
    return upto !== null && waiter.isDecided(upto) ? true : undefined
  }, limits)
  if (!isProven || (settle > 0 && waiter.isOver)) throw stillOpen([...open], waiter)
  const { abandoned } = limits
  if (settle > 0) await waiter.until<never>(() => void check(), { left: settle, abandoned })
  check()
  return transactions.length
}

function unexpected(found: readonly MessageDetail[], most: number): HttpProblem {
  const messages = found.map(summaryOfMail)
  const message = messages[most] as (typeof messages)[number]
  const detail =
    most === 0
      ? `Message ${message.id} matches: “${message.subject}”.`
      : `${messages.length} messages match instead of ${most}: ${messages.map(({ id }) => id).join(', ')}.`
  const members = { message, messages } satisfies Partial<UnexpectedProblem>
  return new HttpProblem(409, detail, { members })
}

function stillOpen(
  transactions: readonly MailTransaction[],
  { isCut }: Pick<Waiter<unknown>, 'isCut'>,
): HttpProblem {
  const open = transactions.map(describe)
  const reasons = open.map(inWords)
  if (isCut) reasons.push('there was no time to look at all that is stored')
  if (reasons.length === 0) reasons.push('what came was known too late')
  const detail = `It cannot be told yet: ${reasons.join('; ')}.`
  return new HttpProblem(504, detail, { members: { open } satisfies Partial<OpenProblem> })
}

const describe = ({ origin, rcptTo, startedAt }: MailTransaction): OpenTransaction => ({
  ...origin,
  rcptTo: [...rcptTo],
  startedAt: new Date(startedAt).toISOString(),
})

const inWords = ({ listener, peer, mailFrom, rcptTo }: OpenTransaction): string => {
  const to = rcptTo.length === 0 ? 'nobody yet' : rcptTo.slice(0, 3).map(bracketed).join(', ')
  const more = rcptTo.length > 3 ? ` and ${rcptTo.length - 3} more` : ''
  return `${bracketed(mailFrom)} is being sent to ${to}${more} (${listener}, from port ${peer.port})`
}

const bracketed = (address: string): string => `<${address}>`
