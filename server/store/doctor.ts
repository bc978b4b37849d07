import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { diskFs } from './disk-fs.ts'
import { blockOf } from './entries.ts'
import { takeLock } from './lock.ts'
import { MailStore } from './mail-store.ts'
import type { Message } from './message.ts'
import { migrate } from './migrate.ts'
import type { Place } from './operation.ts'
import { overlayFs } from './overlay-fs.ts'
import { RawFiles } from './raw-files.ts'
import { findRawHead } from './raw-head.ts'
import { readLineEnds } from './rebuild.ts'
import { type Recovered, recover } from './recovery.ts'
import { Segments } from './segments.ts'
import { inspect } from './store-document.ts'

/** What is wrong in a data directory. */
export type Problem =
  /** A file of the index or a line of the change log that cannot be read, a message without its raw file: in words. */
  | { readonly kind: 'damaged'; readonly text: string }
  /** Messages that the index does not have: a killed process had no time, or a file of the index is missing. */
  | { readonly kind: 'not in the index'; readonly ids: readonly number[] }
  /** What the index says of a message is not what its raw file has. */
  | { readonly kind: 'differs'; readonly at: Place; readonly uid: number; readonly text: string }
  /** A file among the raw files that Mailcatch did not write. */
  | { readonly kind: 'foreign'; readonly path: string }
  /** Raw files of messages that were removed. */
  | { readonly kind: 'left over'; readonly ids: readonly number[] }

/** What a data directory holds, and what is wrong with it. */
export type Diagnosis = {
  readonly accounts: number
  readonly mailboxes: number
  readonly entries: number
  readonly messages: number
  /** Octets of the messages. */
  readonly bytes: number
  readonly problems: readonly Problem[]
}

/**
 * Looks through a data directory: does what a start would do without writing any of it, and holds every message against
 * its raw file. Rejects with LockedError while a Mailcatch has the directory, with DataDirectoryError where it is none of
 * ours or a newer one's.
 */
export const diagnose = async (directory: string): Promise<Diagnosis> => {
  await inspect(diskFs, directory)
  const lock = await takeLock(directory).catch(error => {
    // What cannot be written can be looked at all the same: nobody can be at work in it.
    if (error.code === 'EROFS' || error.code === 'EACCES') return null
    throw error
  })
  try {
    return await examine(directory)
  } finally {
    await lock?.release()
  }
}

/**
 * Mends what `diagnose` finds. What no file tells any more is dropped from the index; a foreign message is taken in as
 * an import. Resolves with what is wrong afterwards. `log` is told what is done. Rejects as `diagnose` does.
 */
export const mend = async (directory: string, log: (line: string) => void): Promise<Diagnosis> => {
  const { problems } = await diagnose(directory)
  await forget(directory, problems)
  const store = await MailStore.open({
    directory,
    maxMessages: Number.POSITIVE_INFINITY,
    maxBytes: Number.POSITIVE_INFINITY,
    maxAge: null,
    keepFlagged: false,
    maxMessageSize: Number.POSITIVE_INFINITY,
    fsync: true,
    log,
  })
  try {
    for (const problem of problems) {
      if (problem.kind === 'foreign') await takeIn(store, join(directory, problem.path))
    }
  } finally {
    await store.close()
  }
  return diagnose(directory)
}

const examine = async (directory: string): Promise<Diagnosis> => {
  const fs = overlayFs(diskFs)
  const texts: string[] = []
  const options = {
    fsync: false,
    log: (text: string) => {
      texts.push(text.replaceAll(`${directory}/`, ''))
    },
  }
  const raw = new RawFiles(fs, join(directory, 'raw'), options)
  const version = await inspect(fs, directory)
  if (version !== null) await migrate(fs, directory, raw, version, options)
  const recovered = await recover(fs, directory, raw, options)
  const { state, restored, leftovers } = recovered
  const foreign = [...recovered.foreign, ...(await raw.strays())]
  const accounts = state.accounts()
  const mailboxes = accounts.flatMap(account => account.mailboxes())
  const messages = new Set(
    mailboxes.flatMap(({ entries }) => [...entries.ascending()].map(({ message }) => message)),
  )
  return {
    accounts: accounts.length,
    mailboxes: mailboxes.length,
    entries: mailboxes.reduce((sum, { entries }) => sum + entries.total, 0),
    messages: messages.size,
    bytes: [...messages].reduce((sum, { size }) => sum + size, 0),
    problems: [
      ...texts
        .filter(text => !foreign.some(path => text.startsWith(relative(directory, path))))
        .map(text => ({ kind: 'damaged', text }) as const),
      ...(await missingFiles(recovered))
        .map(path => relative(directory, path))
        .filter(path => !texts.some(text => text.startsWith(path)))
        .map(path => ({ kind: 'damaged', text: `${path} is missing` }) as const),
      ...(await differences(recovered, raw)),
      ...(restored.length > 0 ? [{ kind: 'not in the index', ids: restored } as const] : []),
      ...foreign.map(path => ({ kind: 'foreign', path: relative(directory, path) }) as const),
      ...(leftovers.length > 0 ? [{ kind: 'left over', ids: leftovers } as const] : []),
    ],
  }
}

/** The files of the index that should be there. */
const missingFiles = async ({ state, segments }: Recovered): Promise<string[]> => {
  const missing: string[] = []
  for (const account of state.accounts()) {
    // The catch-all is there from the start, and needs none before something is done to its mailboxes.
    const document = segments.account(account.number)
    await document.read()
    if (account.number !== 1 && document.data.mailboxes.length === 0) {
      missing.push(segments.accountPath(account.number))
    }
    const files = await segments.blocks(account.number)
    for (const { number, entries, own, isDerived } of account.mailboxes()) {
      const blocks = isDerived
        ? new Set([...own.added, ...own.changed].map(blockOf))
        : entries.blocks()
      for (const block of blocks) {
        const isThere = files.get(number)?.includes(block)
        if (!isThere) missing.push(segments.path(account.number, number, block))
      }
    }
  }
  return missing
}

/** Holds every message of the index against its raw file. */
const differences = async ({ state }: Recovered, raw: RawFiles): Promise<Problem[]> => {
  const problems: Problem[] = []
  const judged = new Map<Message, string | null>()
  for (const mailbox of state.accounts().flatMap(account => account.mailboxes())) {
    for (const { number, message } of mailbox.entries.ascending()) {
      let text = judged.get(message)
      if (text === undefined) {
        text = await difference(message, raw)
        judged.set(message, text)
      }
      // What the INBOX of an address shows is the catch-all's.
      const isShown = mailbox.isDerived && !mailbox.own.added.has(number)
      if (text && !isShown) {
        problems.push({ kind: 'differs', at: mailbox.place, uid: number, text })
      }
    }
  }
  return problems
}

const difference = async (message: Message, raw: RawFiles): Promise<string | null> => {
  const { id, size, start, bareEnds, hasOpenEnd } = message
  const file = await raw.head(id)
  if (!file) return `message ${id}: its raw file has lost its first line`
  if (file.start !== start || file.size !== size) {
    return `message ${id}: the index says ${size} octets, its raw file has ${file.size}`
  }
  const ends = await readLineEnds(raw, id, start, start + size)
  if (ends.bareEnds !== bareEnds) {
    return `message ${id}: ${ends.bareEnds} bare line ends, not ${bareEnds}`
  }
  if (ends.hasOpenEnd === hasOpenEnd) return null
  return `message ${id}: its last line has ${ends.hasOpenEnd ? 'no' : 'an'} end, unlike what the index says`
}

/** Takes what differs out of the index, so that the next start reads it from the raw files. */
const forget = async (directory: string, problems: readonly Problem[]): Promise<void> => {
  const files = new Map<string, { at: Place; block: number; uids: Set<number> }>()
  for (const problem of problems) {
    if (problem.kind !== 'differs') continue
    const { at, uid } = problem
    const key = `${at} ${blockOf(uid)}`
    const uids = files.get(key)?.uids ?? new Set()
    files.set(key, { at, block: blockOf(uid), uids: uids.add(uid) })
  }
  const segments = new Segments(diskFs, directory, () => 0, { fsync: true, log: () => {} })
  for (const { at, block, uids } of files.values()) {
    const file = segments.segment(...at, block)
    await file.read()
    file.data.entries = file.data.entries.filter(({ number }) => !uids.has(number))
    // What is left of it must be told all that the change log says.
    file.data.lsn = 0
    await file.write()
  }
}

/** A message that somebody laid among the raw files. */
const takeIn = async (store: MailStore, path: string): Promise<void> => {
  const size = await diskFs.size(path)
  // One of ours may lie in the wrong place.
  const head = await findRawHead(size, end => diskFs.readRange(path, 0, end))
  const arrival = store.receive({ envelope: { mailFrom: '', rcptTo: [] }, listener: 'import' })
  try {
    for await (const chunk of diskFs.stream(path, head?.length ?? 0, size))
      await arrival.write(chunk as Buffer)
    await arrival.commit()
  } catch (error) {
    await arrival.abort()
    throw error
  }
  await diskFs.remove(path)
}

/** Files that earlier starts set aside because they could not be read. */
export const setAside = async (directory: string): Promise<string[]> =>
  (await readdir(directory, { recursive: true })).filter(name => /\.json\.bad-\d+$/.test(name))
