import type { CommandCall, exportOptions } from '../commands.ts'
import { UsageError } from '../options.ts'
import { CommandError } from './command-error.ts'
import { openTarget } from './open-target.ts'
import { type Octets, type Outcome, type Outlet, openFolder, openMbox } from './outlets.ts'
import { inWords } from './progress.ts'
import type { Report } from './report.ts'
import { type Listed, RefusedError, type Target } from './target.ts'

/**
 * `mailcatch export`: writes the messages, or what a search finds, to a folder, to an mbox, or to both, in the order of
 * their ids.
 */
export async function exportMail({
  operands,
  options,
  report,
  signal,
}: CommandCall<typeof exportOptions>): Promise<0 | 1> {
  const [folder, more] = operands
  if (more !== undefined) throw new UsageError(`export to one folder; what is ${more}?`)
  if (folder === undefined && options.mbox === null) {
    throw new UsageError('export where? a folder, or --mbox FILE')
  }
  const target = await openTarget(options, report, false)
  try {
    const messages = await target.list(options.q)
    const outlets = [
      ...(folder === undefined ? [] : [await openFolder(folder)]),
      ...(options.mbox === null ? [] : [await openMbox(options.mbox)]),
    ]
    const counts = await exportAll(messages, target, outlets, report, signal)
    const { written, present, gone, failed } = counts
    const complete = !signal.aborted
    const to = outlets.map(({ name }) => name)
    report.result(
      {
        type: 'exported',
        from: target.name,
        to,
        exported: written,
        present,
        gone,
        failed,
        complete,
      },
      [
        `${complete ? '' : 'stopped: '}exported ${inWords(written)} to ${to.join(' and ')}`,
        ...(present === 0 ? [] : [`${present.toLocaleString('en')} there already`]),
        ...(gone === 0 ? [] : [`${gone.toLocaleString('en')} deleted meanwhile`]),
        ...(failed === 0 ? [] : [`${failed.toLocaleString('en')} failed`]),
        ...(complete ? [] : ['the same command goes on from here']),
      ].join('; '),
    )
    return complete && failed === 0 ? 0 : 1
  } finally {
    await target.close()
  }
}

/** So many messages are asked for at a time. */
const AT_A_TIME = 8

type Fate = Outcome | 'failed'

/** Of what becomes of a message at several places, the last one of these is told. */
const FATES = ['present', 'written', 'gone', 'failed'] as const satisfies readonly Fate[]

async function exportAll(
  messages: readonly Listed[],
  target: Target,
  outlets: readonly Outlet[],
  report: Report,
  signal: AbortSignal,
): Promise<Readonly<Record<Fate, number>>> {
  const fates: number[] = []
  const octets = messages.reduce((sum, { size }) => sum + size, 0)
  report.begin('exporting', octets * outlets.length)
  try {
    for (const [index, outlet] of outlets.entries()) {
      const octetsAt = outlet.isInOrder ? askAhead(messages, target) : null
      await several(messages.entries(), outlet.isInOrder ? 1 : AT_A_TIME, signal, async entry => {
        const [at, message] = entry
        const octets = octetsAt ? () => octetsAt(at) : () => octetsOf(message, target)
        const fate = await put(message, outlet, octets, report)
        fates[at] = Math.max(fates[at] ?? 0, FATES.indexOf(fate))
        report.advance(message.size, index === 0 ? 1 : 0)
      })
      if (!signal.aborted) await outlet.finish()
    }
  } finally {
    for (const outlet of outlets) await outlet.close()
  }
  const count = (fate: Fate) => fates.filter(each => FATES[each] === fate).length
  return {
    present: count('present'),
    written: count('written'),
    gone: count('gone'),
    failed: count('failed'),
  }
}

async function put(message: Listed, outlet: Outlet, octets: Octets, report: Report): Promise<Fate> {
  try {
    return await outlet.put(message, octets)
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error
    report.problem('MAILCATCH_NOT_EXPORTED', `message ${message.id}: ${error.message}`, error)
    return 'failed'
  }
}

/** Octets of messages that are wanted one after the other: while one is written, the next ones are asked for. */
function askAhead(messages: readonly Listed[], target: Target): (at: number) => ReturnType<Octets> {
  const asked = new Map<number, ReturnType<Octets>>()
  return at => {
    for (const [index, message] of messages.slice(at, at + AT_A_TIME).entries()) {
      if (asked.has(at + index)) continue
      const octets = octetsOf(message, target)
      octets.catch(() => {}) // told to whoever comes for it
      asked.set(at + index, octets)
    }
    const octets = asked.get(at) as ReturnType<Octets>
    asked.delete(at)
    return octets
  }
}

/** Works on items in their order, so many at a time. An error ends it once what is under way has come to its end. */
async function several<T>(
  items: IterableIterator<T>,
  atATime: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = []
  const worker = async () => {
    for (let next = items.next(); !next.done; next = items.next()) {
      if (signal.aborted || errors.length > 0) return
      await work(next.value).catch(error => errors.push(error))
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  if (errors.length > 0) throw errors[0]
}

/** The octets of a message, all of them: half of it must not be taken for the whole. */
async function octetsOf({ id, size }: Listed, target: Target): ReturnType<Octets> {
  const octets = await target.raw(id)
  return octets && whole(octets, size)
}

async function* whole(octets: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let count = 0
  try {
    for await (const chunk of octets) {
      count += chunk.length
      yield chunk
    }
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new RefusedError((error as Error).message, { cause: error })
  }
  if (count !== size) throw new RefusedError(`${count} octets came of ${size}`)
}
