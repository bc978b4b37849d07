import type { Arrived, OpenProblem, TimeoutProblem, UnexpectedProblem } from './answers.ts'
import { RefusedError } from './api.ts'
import { MailTimeoutError, UnexpectedMailError } from './errors.ts'
import { count, duration, listed, nameOf, shown } from './words.ts'

/** Mails that came and did not match, shown in one message. */
const MOST = 10

type Diagnosis = Partial<TimeoutProblem & UnexpectedProblem & OpenProblem>

/** The error for a person, where a call of `wait` or `none` was answered that it is not so; else what it was. */
export function explained(error: unknown, timeout: number): unknown {
  if (!(error instanceof RefusedError)) return error
  const { problem } = error
  const { arrived, message, open } = problem as Diagnosis
  if (arrived) {
    return new MailTimeoutError(describeTimeout(problem as TimeoutProblem, timeout), problem)
  }
  if (message) {
    const text = `There should be no such mail, but there is ${nameOf(message)}.`
    return new UnexpectedMailError(text, problem)
  }
  if (open) return new MailTimeoutError(describeOpen(open, timeout), problem)
  return error
}

/** What was asked, what arrived, and for each what was wrong with it. */
function describeTimeout({ asked, arrived, dropped }: TimeoutProblem, timeout: number): string {
  const newest = arrived.slice(-MOST)
  const more = arrived.length - newest.length
  return [
    `No mail came within ${duration(timeout)} that has${listed(linesOf(asked))}`,
    arrived.length === 0
      ? 'Nothing else came either. Does the app send to the address, and to the SMTP port, of this inbox?'
      : `${count(arrived.length, 'other mail')} came:${listed(newest.map(describeArrived))}`,
    ...(more > 0 ? [`and ${more} before`] : []),
    ...(dropped > 0
      ? [`${count(dropped, 'mail')} was dropped meanwhile, by the limit of the inbox.`]
      : []),
  ].join('\n')
}

function describeArrived(arrived: Arrived): string {
  const { condition, wanted, nearest } = arrived.failed
  const found = nearest === null ? 'it has none' : `it has ${JSON.stringify(shown(nearest))}`
  return `${nameOf(arrived)}\n  ${condition}: wanted ${shown(wanted)}, but ${found}`
}

/** A matcher, a line for each key. */
function linesOf(matcher: Readonly<Record<string, unknown>>): readonly string[] {
  const lines = Object.entries(matcher).map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return lines.length > 0 ? lines : ['anything at all']
}

const describeOpen = (open: OpenProblem['open'], timeout: number): string => {
  const lines = open.map(({ mailFrom, rcptTo }) => `from <${mailFrom}> to ${rcptTo.join(', ')}`)
  return `It cannot be said that there is no such mail: after ${duration(timeout)} this was still being sent:${listed(lines)}`
}
