import { createHash } from 'node:crypto'
import type { CommandCall, importOptions } from '../commands.ts'
import { UsageError } from '../options.ts'
import { KnownMail } from './known-mail.ts'
import { openTarget } from './open-target.ts'
import { inWords } from './progress.ts'
import type { Report } from './report.ts'
import { findSources, type MailSource, SourceError } from './sources.ts'
import { Spool } from './spool.ts'
import { type Listed, RefusedError, type Target } from './target.ts'

/** So many messages are marked at a time. */
const marksAtATime = 500

/**
 * `mailcatch import`: puts what the sources hold into the inbox, in their order. A message whose octets are there already, as
 * often as the sources have it, is passed over. So nothing needs to be remembered between two runs: whatever ended the
 * first one, the second goes on behind the last message that was acknowledged.
 */
export async function importMail({
  operands,
  options,
  report,
  signal,
}: CommandCall<typeof importOptions>): Promise<0 | 1> {
  if (operands.length === 0) {
    throw new UsageError('import what? a message, an mbox, a folder, a Maildir, - (standard input)')
  }
  const sources = await findSources(operands)
  if (sources.length === 0) report.warn(`there is no message in ${operands.join(', ')}`)
  // Nothing else wakes who waits for a pipe.
  if (operands.includes('-')) signal.addEventListener('abort', () => process.stdin.destroy())
  const target = await openTarget(options, report, true)
  try {
    const before = await target.list(null)
    const counts = await importAll(sources, before, target, report, signal)
    warnOfLimits(before, counts, target, report)
    const { imported, present, failed } = counts
    const complete = !signal.aborted
    report.result(
      { type: 'imported', into: target.name, imported, present, failed, complete },
      [
        `${complete ? '' : 'stopped: '}imported ${inWords(imported)} into ${target.name}`,
        ...(present === 0 ? [] : [`${present.toLocaleString('en')} there already`]),
        ...(failed === 0 ? [] : [`${failed.toLocaleString('en')} failed`]),
        ...(complete ? [] : ['the same command goes on from here']),
      ].join('; '),
    )
    return complete && failed === 0 ? 0 : 1
  } finally {
    await target.close()
  }
}

type Counts = { imported: number; present: number; failed: number; octets: number }

async function importAll(
  sources: readonly MailSource[],
  before: readonly Listed[],
  target: Target,
  report: Report,
  signal: AbortSignal,
): Promise<Counts> {
  const counts: Counts = { imported: 0, present: 0, failed: 0, octets: 0 }
  const known = new KnownMail(before, id => digestOf(target, id))
  const marks = createMarks(target)
  const refuse = (code: string, text: string, cause?: unknown) => {
    counts.failed++
    report.problem(code, text, cause)
  }
  const sizes = sources.map(({ size }) => size ?? Number.NaN)
  const octets = sizes.reduce((sum, size) => sum + size, 0)
  report.begin('importing', Number.isNaN(octets) ? null : octets)
  for (const source of sources) {
    try {
      for await (const { name, message } of messagesOf(source, target, report, signal)) {
        if (message.isOverLimit) {
          const reason = `${message.size} octets, and at most ${target.maxMessageSize} are taken`
          refuse('MAILCATCH_TOO_BIG', `${name}: ${reason}`)
          continue
        }
        try {
          const there = await known.take(message.size, message.digest())
          const id = there ?? (await target.add(message))
          if (there === null) counts.imported++
          else counts.present++
          if (there === null) counts.octets += message.size
          // Of one that was there already too: the first run may have ended before it came to that.
          await marks.add(id, source)
        } catch (error) {
          if (!(error instanceof RefusedError)) throw error
          refuse('MAILCATCH_REFUSED', `${name}: ${error.message}`, error)
        }
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      if (!signal.aborted) refuse('MAILCATCH_NO_SOURCE', error.message, error)
    }
    if (signal.aborted) break
  }
  await marks.flush()
  return counts
}

/** The messages of a source, each of them whole; the next one takes its place. */
async function* messagesOf(
  source: MailSource,
  { maxMessageSize }: Target,
  report: Report,
  signal: AbortSignal,
): AsyncGenerator<{ readonly name: string; readonly message: Spool }> {
  let message = new Spool(maxMessageSize)
  let count = 0
  try {
    for await (const token of source.read()) {
      if (signal.aborted) return
      if (token === 'begin') {
        count++
      } else if (token === 'end') {
        const name = source.isMessage ? source.name : `${source.name}, message ${count}`
        report.advance(0, 1)
        yield { name, message }
        await message.close()
        message = new Spool(maxMessageSize)
      } else {
        await message.write(token)
        report.advance(token.length, 0)
      }
    }
  } finally {
    await message.close()
  }
}

async function digestOf(target: Target, id: number): Promise<string | null> {
  const octets = await target.raw(id)
  if (octets === null) return null
  const hash = createHash('sha256')
  for await (const chunk of octets) hash.update(chunk)
  return hash.digest('hex')
}

/** Sets the flags of messages, many at a time. */
function createMarks(target: Target) {
  const seen: number[] = []
  const flagged: number[] = []
  const flush = async () => {
    const take = (ids: number[]) => ids.splice(0).sort((a, b) => a - b)
    if (seen.length > 0) await target.mark(take(seen), { unread: false })
    if (flagged.length > 0) await target.mark(take(flagged), { flagged: true })
  }
  return {
    async add(id: number, { isSeen, isFlagged }: MailSource): Promise<void> {
      if (isSeen) seen.push(id)
      if (isFlagged) flagged.push(id)
      if (seen.length + flagged.length >= marksAtATime) await flush()
    },
    flush,
  }
}

function warnOfLimits(
  before: readonly Listed[],
  { imported, octets }: Counts,
  { name, limits }: Target,
  report: Report,
): void {
  if (limits === null || imported === 0) return
  const total = before.reduce((sum, { size }) => sum + size, octets)
  if (before.length + imported <= limits.maxMessages && total <= limits.maxBytes) return
  const { maxMessages, maxBytes } = limits
  report.warn(
    `${name} keeps the newest ${inWords(maxMessages)} and ${maxBytes.toLocaleString('en')} octets: older ones are dropped`,
  )
}
