import { mkdir, open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isMbox, writeMboxMessage } from '../mime/mbox.ts'
import { CommandError } from './command-error.ts'
import { NewFile } from './new-file.ts'
import { type Listed, RefusedError } from './target.ts'

/** The octets of a message, null where it is gone. */
export type Octets = () => Promise<AsyncIterable<Uint8Array> | null>

/** What became of a message. */
export type Outcome = 'written' | 'present' | 'gone'

/** A place to export to. */
export type Outlet = {
  /** For people. */
  readonly name: string
  /** Whether a message is put only when the one before it is; else several may be put at once. */
  readonly isInOrder: boolean
  /** Takes the next message. Throws a RefusedError where this one cannot be exported; the next one may be. */
  put(message: Listed, octets: Octets): Promise<Outcome>
  /** Everything was put. */
  finish(): Promise<void>
  /** Without `finish` before it, what would be half of something goes. */
  close(): Promise<void>
}

/**
 * A folder with a file for each message, `17.eml`. A file of the message's size is the message. An empty one is what a power
 * loss left; one of another size is somebody else's, and stays.
 */
export async function openFolder(path: string): Promise<Outlet> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  return {
    name: path,
    isInOrder: false,
    async put({ id, size }, octets) {
      const name = join(path, `${id}.eml`)
      const there = await statIfThere(name)
      if (there?.isFile() && there.size === size) return 'present'
      if (there && !(there.isFile() && there.size === 0)) {
        throw new RefusedError(`${name} is something else, and not overwritten`)
      }
      const source = await octets()
      if (source === null) return 'gone'
      const file = await NewFile.open(name)
      try {
        for await (const chunk of source) await file.write(chunk)
        await file.place()
      } catch (error) {
        await file.discard()
        throw error
      }
      return 'written'
    },
    finish: async () => {},
    close: async () => {},
  }
}

/** One mbox with all messages. It takes the place of the mbox that may be there, and of nothing else. */
export async function openMbox(path: string): Promise<Outlet> {
  await checkReplaceable(path)
  const file = await NewFile.open(path)
  return {
    name: path,
    isInOrder: true,
    async put(message, octets) {
      const source = await octets()
      if (source === null) return 'gone'
      const start = file.size
      try {
        for await (const chunk of writeMboxMessage(message, source)) await file.write(chunk)
      } catch (error) {
        // The next message must not begin in the middle of this one.
        await file.cut(start)
        throw error
      }
      return 'written'
    },
    finish: () => file.place(),
    close: () => file.discard(),
  }
}

async function checkReplaceable(path: string): Promise<void> {
  const there = await statIfThere(path)
  if (!there || (there.isFile() && there.size === 0)) return
  if (there.isFile()) {
    const file = await open(path)
    try {
      const { buffer } = await file.read(Buffer.alloc(5), 0, 5, 0)
      if (isMbox(buffer)) return
    } finally {
      await file.close()
    }
  }
  throw new CommandError('MAILCATCH_NO_MBOX', `${path} is no mbox, and not overwritten`)
}

const statIfThere = (path: string) =>
  stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
