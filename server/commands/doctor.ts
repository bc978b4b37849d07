import type { CommandCall, doctorOptions } from '../commands.ts'
import { UsageError } from '../options.ts'
import { type Diagnosis, diagnose, mend, type Problem, setAside } from '../store/doctor.ts'
import { LockedError } from '../store/lock.ts'
import { CommandError } from './command-error.ts'
import { checkThere } from './directory-target.ts'
import { inWords } from './progress.ts'
import type { Report } from './report.ts'

/** `mailcatch doctor`: says what is wrong in a data directory, and with `--fix` mends it. */
export async function examineData({
  operands,
  options,
  report,
}: CommandCall<typeof doctorOptions>): Promise<0 | 1> {
  const { data, fix } = options
  const [operand] = operands
  if (operand !== undefined) throw new UsageError(`what is ${operand}? --data names a directory`)
  await checkThere(data)
  const found = await diagnoseAlone(data)
  for (const problem of found.problems) tell(problem, fix, report)
  const isToMend = fix && found.problems.length > 0
  const now = isToMend ? await mend(data, line => report.warn(line)) : found
  if (isToMend) for (const problem of now.problems) tell(problem, false, report)
  const aside = await setAside(data)
  report.result(
    { type: 'examined', data, ...now, found: found.problems, setAside: aside },
    [
      `${data}: ${summaryOf(now)}`,
      verdictOf(found, now, fix),
      ...(aside.length === 0
        ? []
        : [`set aside because they could not be read, and not needed: ${aside.join(', ')}`]),
    ].join('\n'),
  )
  return now.problems.length === 0 ? 0 : 1
}

async function diagnoseAlone(data: string): Promise<Diagnosis> {
  try {
    return await diagnose(data)
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    throw new CommandError('MAILCATCH_DATA_IN_USE', `${error.message}; stop it first`, {
      exitCode: 3,
      cause: error,
    })
  }
}

function summaryOf({ accounts, mailboxes, entries, messages, bytes }: Diagnosis): string {
  const count = (value: number) => value.toLocaleString('en')
  return `${inWords(messages)} of ${count(bytes)} octets, ${count(entries)} entries in ${count(mailboxes)} mailboxes of ${count(accounts)} accounts`
}

function verdictOf(found: Diagnosis, now: Diagnosis, fix: boolean): string {
  const count = found.problems.length
  if (count === 0) return 'nothing is wrong'
  if (!fix) return `${count} found; --fix mends it`
  const left = now.problems.length
  return left === 0 ? `${count} found, and mended` : `${count} found, ${left} left`
}

function tell(problem: Problem, isMended: boolean, report: Report): void {
  const [text, remedy] = inSentence(problem)
  report.problem('MAILCATCH_DAMAGE', isMended ? `${text}: ${remedy}` : text)
}

/** What a problem is, and what is done about it. */
function inSentence(problem: Problem): readonly [text: string, remedy: string] {
  switch (problem.kind) {
    case 'damaged':
      return [problem.text, 'made anew from the raw files and the change log']
    case 'differs':
      return [problem.text, 'read again from its raw file']
    case 'not in the index':
      return [`not in the index: ${some(problem.ids)}`, 'put there']
    case 'foreign':
      return [`${problem.path} was not put there by Mailcatch`, 'imported']
    case 'left over':
      return [`files of removed messages: ${some(problem.ids)}`, 'removed']
  }
}

function some(ids: readonly number[]): string {
  const shown = ids.slice(0, 10).join(', ')
  return ids.length > 10 ? `${inWords(ids.length)} (${shown}, …)` : `message ${shown}`
}
