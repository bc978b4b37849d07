import { join } from 'node:path'
import { readHeader } from '../mime/header.ts'
import { summarise } from '../mime/summary.ts'
import { tagsOf, toMessage } from './arrival.ts'
import { ChangeLog, type LogLine } from './change-log.ts'
import { blockOf, Entries } from './entries.ts'
import { readIdRanges } from './id-set.ts'
import { jsonFile } from './json-file.ts'
import { apply } from './operations.ts'
import type { RawFiles } from './raw-files.ts'
import { Segments } from './segments.ts'
import type { StoreFs } from './store-fs.ts'

/** `mailcatch.json`. */
type StoreDocument = {
  schema: number
  /** Seconds since 1970: greater than that of any earlier store in this place. */
  uidValidity: number
  createdAt: string
}

export const schema = 1

/** The data directory cannot be used as it is; the message says why and what to do. */
export class DataDirectoryError extends Error {
  override readonly name = 'DataDirectoryError'
}

/** What a process left that was killed while it wrote `mailcatch.json`. */
const unfinished = /^mailcatch\.json\.\d+-\d+\.tmp$/
const ours =
  /^(mailcatch\.json(\.(bad-\d+|\d+-\d+\.tmp))?|index|accounts|changes|raw|text|lock\.(sock|json)(\..*)?)$/

/**
 * Looks at a data directory before anything in it is touched. Throws a DataDirectoryError where it belongs to something
 * else or to a newer version.
 */
export const inspect = async (fs: StoreFs, directory: string): Promise<void> => {
  const names = await fs.list(directory)
  const document = names.includes('mailcatch.json') ? await readDocument(fs, directory) : null
  if (document && document.schema > schema) {
    throw new DataDirectoryError(
      `${directory} was written by a newer Mailcatch (schema ${document.schema}, this one reads ${schema}); update, or use another --data`,
    )
  }
  const foreign = names.find(name => !ours.test(name))
  if (document || foreign === undefined || names.includes('changes')) return
  throw new DataDirectoryError(
    `${directory} holds ${foreign} and no Mailcatch store; name an empty or a new directory with --data`,
  )
}

/** The document of a store; null where it is damaged, or another program's of the same name. */
const readDocument = async (fs: StoreFs, directory: string): Promise<StoreDocument | null> => {
  try {
    const bytes = await fs.read(join(directory, 'mailcatch.json'))
    const document: StoreDocument | null = JSON.parse(bytes.toString('utf8'))
    return Number.isSafeInteger(document?.schema) ? document : null
  } catch (error) {
    if (error instanceof SyntaxError) return null // set aside when it is opened
    throw error
  }
}

/** The state of a store as its files tell it. */
export type Recovered = {
  readonly uidValidity: number
  readonly entries: Entries
  readonly segments: Segments
  readonly changeLog: ChangeLog
  /** The first number, and the first feed position, that cannot have been given out before. */
  readonly nextId: number
  readonly nextSeq: number
  readonly lsn: () => number
  readonly setLsn: (lsn: number) => void
  /** Messages that were removed, but whose raw files are still there. */
  readonly leftovers: readonly number[]
  /** The blocks that the log says messages were removed from: a power loss may still bring their files back. */
  readonly removedBlocks: readonly number[]
}

/**
 * Opens the files of a store. The raw files and the change log are the truth, the lowdb files checkpoints of it:
 * what they lack is read from the raw files, then the log is replayed.
 */
export const recover = async (
  fs: StoreFs,
  directory: string,
  raw: RawFiles,
  options: { readonly fsync: boolean; readonly log: (line: string) => void },
): Promise<Recovered> => {
  const now = Date.now()
  const missing: StoreDocument = {
    schema,
    uidValidity: Math.floor(now / 1_000),
    createdAt: new Date(now).toISOString(),
  }
  const document = jsonFile<StoreDocument>(
    fs,
    join(directory, 'mailcatch.json'),
    { ...missing, schema: 0 },
    options,
  )
  for (const name of await fs.list(directory)) {
    if (unfinished.test(name)) await fs.remove(join(directory, name))
  }
  await document.read()
  if (document.data.schema !== schema || !Number.isSafeInteger(document.data.uidValidity)) {
    document.data = missing
    await document.write()
  }

  const entries = new Entries()
  let applied = 0
  const segments = new Segments(fs, join(directory, 'index'), entries, () => applied, options)
  const { changeLog, lines } = await ChangeLog.open(fs, join(directory, 'changes'), options)
  const lsns = await segments.load()

  let nextId = 1
  let nextSeq = 1
  for (const { ops } of lines) {
    for (const op of ops) {
      if (op.op !== 'reserve') continue
      nextId = Math.max(nextId, op.ids)
      nextSeq = Math.max(nextSeq, op.seqs)
    }
  }
  for (const entry of entries.ascending()) nextSeq = Math.max(nextSeq, entry.modseq + 1)

  const removed = removedIn(lines)
  const leftovers: number[] = []
  const found = await scan(raw, entries, segments, nextSeq, removed, leftovers, options.log)
  nextId = Math.max(nextId, found + 1)

  for (const line of lines) {
    applied = Math.max(applied, line.lsn)
    // A removal holds whatever the checkpoint says: no number comes twice. The rest only where the checkpoint is older.
    for (const change of apply(
      line.ops,
      entries,
      nextSeq,
      number => line.lsn > (lsns.get(blockOf(number)) ?? 0),
    ).touched) {
      segments.touch(change)
    }
  }
  return {
    uidValidity: document.data.uidValidity,
    entries,
    segments,
    changeLog,
    nextId,
    nextSeq: nextSeq + 1,
    lsn: () => applied,
    setLsn: lsn => {
      applied = Math.max(applied, lsn)
    },
    leftovers,
    removedBlocks: (await raw.blocks()).filter(block => removesFrom(lines, block)),
  }
}

/** Which numbers the log says are removed. */
const removedIn = (lines: readonly LogLine[]): ((number: number) => boolean) => {
  const ranges = lines
    .flatMap(({ ops }) => ops.flatMap(op => (op.op === 'remove' ? readIdRanges(op.ids) : [])))
    .sort((a, b) => a.first - b.first)
  const ends: number[] = []
  for (const { last } of ranges) ends.push(Math.max(last, ends.at(-1) ?? 0))
  return number => {
    let low = 0
    let high = ranges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((ranges[middle] as { first: number }).first <= number) low = middle + 1
      else high = middle
    }
    return low > 0 && (ends[low - 1] as number) >= number
  }
}

const removesFrom = (lines: readonly LogLine[], block: number): boolean =>
  lines.some(({ ops }) =>
    ops.some(
      op =>
        op.op === 'remove' &&
        readIdRanges(op.ids).some(
          ({ first, last }) => blockOf(first) <= block && block <= blockOf(last),
        ),
    ),
  )

/** Holds the index against the raw files; resolves with the highest number seen. */
const scan = async (
  raw: RawFiles,
  entries: Entries,
  segments: Segments,
  seq: number,
  removed: (number: number) => boolean,
  leftovers: number[],
  log: (line: string) => void,
): Promise<number> => {
  let highest = 0
  let lost = 0
  const blocks = new Set([...(await raw.blocks()), ...entries.blocks()])
  for (const block of [...blocks].sort((a, b) => a - b)) {
    const numbers = await raw.numbers(block)
    highest = Math.max(highest, numbers.at(-1) ?? 0)
    const there = new Set(numbers)
    for (const { number } of [...entries.block(block)]) {
      highest = Math.max(highest, number)
      if (there.has(number)) continue
      entries.remove(number)
      segments.touch(number)
      if (!removed(number)) lost++
    }
    for (const number of numbers) {
      if (removed(number)) {
        leftovers.push(number)
        continue
      }
      if (entries.get(number)) continue
      const file = await raw.head(number)
      if (!file) {
        log(`${raw.path(number)} was not written by Mailcatch; left alone`)
        continue
      }
      const bytes = await raw.read(number, file.start, file.start + Math.min(file.size, 2_000_000))
      const summary = summarise(readHeader(bytes))
      entries.put({
        number,
        message: toMessage(number, file.head, summary, file.size, file.start),
        flags: [],
        tags: tagsOf(file.head, summary),
        modseq: seq,
      })
      segments.touch(number)
    }
  }
  if (lost > 0)
    log(`${lost} messages of the index have lost their raw files; dropped from the index`)
  return highest
}
