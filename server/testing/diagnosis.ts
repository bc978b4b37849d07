import type {
  ArrivedMail,
  OpenProblem,
  TimeoutProblem,
  UnexpectedProblem,
} from '../http/resources.ts'
import { RefusedError } from './api.ts'
import { MailTimeoutError, UnexpectedMailError } from './errors.ts'
import { count, duration, listed, nameOf, shown } from './words.ts'

/** Mails that came and did not match, shown in one message. */
const MOST = 10

type Diagnosis = Partial<TimeoutProblem & UnexpectedProblem & OpenProblem>

/** What was asked beside the matcher. */
type Asked = {
  /** Milliseconds. */
  readonly timeout: number
  /** Mails that were wanted. */
  readonly wanted?: number
}

/** The error for a person, where a call of `wait` or `none` was answered that it is not so; else what it was. */
export function explained(error: unknown, asked: Asked): unknown {
  if (!(error instanceof RefusedError)) return error
  const { problem } = error
  const { arrived, message, open } = problem as Diagnosis
  if (arrived)
    return new MailTimeoutError(describeTimeout(problem as TimeoutProblem, asked), problem)
  if (message) {
    return new UnexpectedMailError(describeUnexpected(problem as UnexpectedProblem, asked), problem)
  }
  if (open) return new MailTimeoutError(describeOpen(open, asked), problem)
  return error
}

/** What was asked, what arrived, and for each what was wrong with it. */
function describeTimeout(
  { asked, since, matched, came, arrived, incomplete, dropped, deleted }: TimeoutProblem,
  { timeout, wanted = 1 }: Asked,
): string {
  const nearest = arrived.slice(-MOST)
  const others = came - matched.length
  const hidden = others - nearest.length
  const enough = wanted === 1 ? 'No mail' : `Only ${matched.length} of ${count(wanted, 'mail')}`
  const after = since ? ` after mail ${since}` : ''
  return [
    `${enough} came within ${duration(timeout)}${after} that has${listed(linesOf(asked))}`,
    others === 0
      ? 'No other mail came either. Does the app send to this address, and to this SMTP port?'
      : `${count(others, 'other mail')} came:${listed(nearest.map(describeArrived))}`,
    ...(hidden > 0 ? [`and ${hidden} more that are further off`] : []),
    ...(incomplete
      ? ['There was no time to look at all mail that is stored: a longer timeout gives more.']
      : []),
    ...(dropped > 0
      ? [`The limits of the inbox dropped ${count(dropped, 'mail')} meanwhile.`]
      : []),
    ...(deleted > 0 ? [`Somebody deleted ${count(deleted, 'mail')} meanwhile.`] : []),
  ].join('\n')
}

function describeArrived(arrived: ArrivedMail): string {
  const { condition, wanted, nearest } = arrived.failed
  const found = nearest === null ? 'it has none' : `it has ${JSON.stringify(shown(nearest))}`
  return `${nameOf(arrived)}\n  ${condition}: wanted ${JSON.stringify(shown(wanted))}, but ${found}`
}

/** A matcher, a line for each key. */
function linesOf(matcher: Readonly<Record<string, unknown>>): readonly string[] {
  const lines = Object.entries(matcher).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return lines.length > 0 ? lines : ['anything at all']
}

const describeUnexpected = (
  { message, messages }: UnexpectedProblem,
  { wanted = 0 }: Asked,
): string =>
  wanted === 0
    ? `There should be no such mail, but there is ${nameOf(message)}`
    : `There should be ${count(wanted, 'such mail')} and no more, but there are:${listed(messages.map(nameOf))}`

const describeOpen = (open: OpenProblem['open'], { timeout }: Asked): string => {
  const lines = open.map(({ mailFrom, rcptTo, peer, startedAt }) => {
    const whence = `${peer.address}:${peer.port}, since ${startedAt}`
    return `from <${mailFrom}> to ${rcptTo.join(', ') || 'nobody yet'} (${whence})`
  })
  return `After ${duration(timeout)} this was still being sent, and could yet be such a mail:${listed(lines)}`
}
