import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { peek } from '../http/stream.ts'
import { isMbox, type MboxToken, readMbox } from '../mime/mbox.ts'
import { CommandError } from './command-error.ts'
import { byNumbers, isMaildir, readMaildir } from './maildir.ts'

/** A file, or standard input, that holds a message or an mbox. */
export type MailSource = {
  /** For people. */
  readonly name: string
  /** Octets, null where nobody knows. */
  readonly size: number | null
  /** Whether it is one message, however it begins. */
  readonly isMessage: boolean
  readonly isSeen: boolean
  readonly isFlagged: boolean
  /** What it holds, message after message. Throws a SourceError where it cannot be read, or not to its end. */
  readonly read: () => AsyncGenerator<MboxToken>
}

/** A source cannot be read. It says nothing about the others. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

const chunkSize = 256 * 1024

/**
 * Finds out what the operands of `import` name, in their order; a folder's files come sorted. Nothing is read yet.
 * @throws CommandError where one of them is not there
 */
export async function findSources(operands: readonly string[]): Promise<MailSource[]> {
  const sources: MailSource[] = []
  for (const operand of operands) {
    if (operand === '-') {
      sources.push(standardInput())
      continue
    }
    const found = await stat(operand).catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message
      throw new CommandError('MAILCATCH_NO_SOURCE', `${operand}: ${reason}`, { cause: error })
    })
    // A name that says "message" is believed: some programs leave a From_ line in front of one.
    if (!found.isDirectory()) {
      const size = found.isFile() ? found.size : null
      sources.push(file(operand, size, operand.toLowerCase().endsWith('.eml')))
    } else {
      for await (const source of inFolder(operand)) sources.push(source)
    }
  }
  return sources
}

/** Its .eml files and those of the folders in it; what a Maildir holds. What is hidden is left out. */
async function* inFolder(folder: string): AsyncGenerator<MailSource> {
  const entries = await readdir(folder, { withFileTypes: true })
  if (isMaildir(entries.map(({ name }) => name))) {
    for (const { path, ...flags } of await readMaildir(folder)) {
      yield { ...file(path, await sizeOf(path), true), ...flags }
    }
    return
  }
  for (const entry of entries.sort((a, b) => byNumbers.compare(a.name, b.name))) {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) {
      yield* inFolder(path)
    } else if (entry.name.toLowerCase().endsWith('.eml')) {
      yield file(path, await sizeOf(path), true)
    }
  }
}

/** Null where it cannot be told: whoever reads the file will find out why. */
const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    () => null,
  )

const file = (path: string, size: number | null, isMessage: boolean): MailSource => ({
  name: path,
  size,
  isMessage,
  isSeen: false,
  isFlagged: false,
  read: () => readMail(path, createReadStream(path, { highWaterMark: chunkSize }), isMessage),
})

const standardInput = (): MailSource => ({
  name: 'standard input',
  size: null,
  isMessage: false,
  isSeen: false,
  isFlagged: false,
  read: async function* () {
    let isEmpty = true
    for await (const token of readMail('standard input', process.stdin, false)) {
      if (typeof token !== 'string' && token.length > 0) isEmpty = false
      // What feeds us has most likely failed: that is no message.
      if (token === 'end' && isEmpty) throw new SourceError('nothing came from standard input')
      yield token
    }
  },
})

/** An mbox is told by how it begins; anything else is one message. */
async function* readMail(
  name: string,
  stream: AsyncIterable<Buffer>,
  isMessage: boolean,
): AsyncGenerator<MboxToken> {
  const { head, all, close } = await peek(reading(name, stream), 5)
  try {
    if (!isMessage && isMbox(head)) {
      yield* readMbox(all)
      return
    }
    yield 'begin'
    for await (const chunk of all) yield chunk as Buffer
    yield 'end'
  } finally {
    await close()
  }
}

async function* reading(name: string, stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream
  } catch (error) {
    throw new SourceError(`${name}: ${(error as Error).message}`, { cause: error })
  }
}
