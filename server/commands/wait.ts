import type { CommandCall, waitOptions } from '../commands.ts'
import type { CodeAnswer, LinkAnswer, NoneAnswer, Problem, WaitAnswer } from '../http/resources.ts'
import { UsageError, type ValuesOf } from '../options.ts'
import { CommandError } from './command-error.ts'
import { openRunning } from './open-running.ts'
import type { Report } from './report.ts'
import { matcherOf } from './which-messages.ts'

type Options = ValuesOf<typeof waitOptions>

/** What is waited for, and how it is told. */
type Wish = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly tell: (value: unknown, report: Report, isJson: boolean) => void
}

/** Milliseconds. */
const longest = 120_000

/** Problems that are answers: the exit code, and what programs call them. */
const outcomes: Readonly<Record<number, { readonly exitCode: 4 | 5; readonly code: string }>> = {
  404: { exitCode: 4, code: 'MAILCATCH_TIMED_OUT' },
  409: { exitCode: 5, code: 'MAILCATCH_OTHERWISE' },
  504: { exitCode: 4, code: 'MAILCATCH_TIMED_OUT' },
}

/** `mailcatch wait`: waits for messages, and prints their numbers, or the code or link of one. */
export async function waitForMail({
  operands,
  options,
  report,
}: CommandCall<typeof waitOptions>): Promise<0 | 1> {
  const { timeout } = options
  if (timeout === null || timeout > longest) {
    throw new UsageError(`--timeout is at most ${longest / 1_000}s`)
  }
  const { method, path, tell } = wishOf(options)
  const parameters = parametersOf(options, operands)
  parameters.set('timeout', `${timeout}ms`)
  const client = await openRunning(options)
  try {
    const { status, value } = await client.outcome(method, `v1/${path}?${parameters}`, {
      takes: timeout,
      statuses: Object.keys(outcomes).map(Number),
    })
    const outcome = outcomes[status]
    if (outcome) {
      const { detail } = value as Problem
      // What was asked stands in a time-out only: an inbox may be missing as well.
      const isAnswer = status !== 404 || 'asked' in (value as Problem)
      if (!isAnswer) throw new CommandError('MAILCATCH_REFUSED', detail)
      throw new CommandError(outcome.code, detail, { exitCode: outcome.exitCode })
    }
    tell(value, report, options.json)
    return 0
  } finally {
    client.close()
  }
}

function wishOf({ none, code, link, linkText, count, exact }: Options): Wish {
  const said = [none && '--none', code && '--code', link && '--link'].filter(Boolean)
  if (said.length === 0 && linkText !== null) said.push('--link-text')
  const [one, other] = said
  if (other !== undefined) throw new UsageError(`${one} and ${other} contradict each other`)
  if (one === undefined) return { method: 'GET', path: 'wait', tell: tellMessages }
  if (linkText !== null && one !== '--link' && one !== '--link-text') {
    throw new UsageError(`--link-text does not go with ${one}`)
  }
  if (count !== 1 || exact) throw new UsageError(`${one} goes with neither --count nor --exact`)
  if (none) return { method: 'POST', path: 'none', tell: tellNone }
  return code
    ? { method: 'GET', path: 'code', tell: tellCode }
    : { method: 'GET', path: 'link', tell: tellLink }
}

function parametersOf(options: Options, words: readonly string[]): URLSearchParams {
  const { address, body, since, count, exact, linkText } = options
  const parameters = matcherOf(options, words)
  for (const [key, value] of Object.entries({ address, body, since, text: linkText })) {
    if (value !== null) parameters.set(key, value)
  }
  if (count !== 1) parameters.set('count', `${count}`)
  if (exact) parameters.set('exact', 'true')
  return parameters
}

const tellMessages: Wish['tell'] = (value, report, isJson) => {
  const { messages } = value as WaitAnswer
  if (isJson) for (const message of messages) report.line({ type: 'message', ...message })
  else report.text(messages.map(({ id }) => id).join('\n'))
}

const tellCode: Wish['tell'] = (value, report, isJson) => {
  const answer = value as CodeAnswer
  if (isJson) report.line({ type: 'code', ...answer })
  else report.text(answer.code)
}

const tellLink: Wish['tell'] = (value, report, isJson) => {
  const answer = value as LinkAnswer
  if (isJson) report.line({ type: 'link', ...answer })
  else report.text(answer.href)
}

const tellNone: Wish['tell'] = (value, report) => {
  report.result({ type: 'none', ...(value as NoneAnswer) }, 'no message')
}
