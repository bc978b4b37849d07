import { createHash, randomBytes } from 'node:crypto'
import * as fs from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** Who holds a data directory. `url` is `''` until the holder's inbox is open; `since` is ISO 8601. */
export type Holder = { readonly pid: number; readonly url: string; readonly since: string }

/** Another process has the data directory. `holder` is null where it did not say who it is. */
export class LockedError extends Error {
  override readonly name = 'LockedError'
  readonly holder: Holder | null

  constructor(directory: string, holder: Holder | null) {
    super(
      holder
        ? `${directory} is in use by pid ${holder.pid} since ${holder.since}${holder.url ? ` at ${holder.url}` : ''}`
        : `${directory} is in use by another process`,
    )
    this.holder = holder
  }
}

export type Lock = {
  /** Says where the inbox is, for whoever asks next. */
  announce(url: string): void
  release(): Promise<void>
}

/** Milliseconds after which who was replacing a dead socket is dead too; those who wait are patient for longer. */
const takeoverAge = 3_000

/** Socket paths longer than this do not fit into `sockaddr_un` on every platform. */
const longestPath = 100

const socketPath = async (directory: string): Promise<string> => {
  const real = await fs.realpath(directory)
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return `\\\\.\\pipe\\mailcatch-${hash}`
  const path = join(real, 'lock.sock')
  return Buffer.byteLength(path) <= longestPath ? path : join(tmpdir(), `mailcatch-${hash}.sock`)
}

/**
 * Takes the directory for this process: by listening on a socket in it, which the system gives up with the process
 * however that ends. Rejects with LockedError where another process has it.
 */
export const takeLock = async (directory: string): Promise<Lock> => {
  const path = await socketPath(directory)
  const token = randomBytes(16).toString('hex')
  const since = new Date().toISOString()
  let url = ''
  const server = createServer(socket => {
    socket.on('error', () => {}) // whoever asked has gone
    socket.end(JSON.stringify({ pid: process.pid, url, since, token }))
  })
  server.unref()

  const failure = await listenOrTakeOver(server, path, directory)
  if (failure) return lockFile(directory, since, failure)
  // A file system may take a socket and yet lead nobody to it (some network shares do).
  const answer = await ask(path)
  if (answer === 'dead' || answer?.token !== token) {
    await new Promise<void>(resolve => server.close(() => resolve()))
    return lockFile(directory, since, new Error(`${path} does not answer`))
  }
  return {
    announce: said => {
      url = said
    },
    release: () => new Promise(resolve => server.close(() => resolve())),
  }
}

/** Listens; the socket of a dead holder is replaced. Resolves with the error where sockets do not work at all. */
const listenOrTakeOver = async (
  server: Server,
  path: string,
  directory: string,
): Promise<Error | null> => {
  for (let attempt = 0; attempt < 100; attempt++) {
    const failure = await listen(server, path)
    if (!failure) return null
    if (failure.code !== 'EADDRINUSE') return failure
    const holder = await ask(path)
    if (holder !== 'dead') throw new LockedError(directory, holder)
    const replaced = await takeOver(path, async () => {
      if ((await ask(path)) !== 'dead') return false
      await fs.unlink(path).catch(ignoreMissing)
      return (await listen(server, path)) === null
    }).catch((error: Error) => error)
    if (replaced instanceof Error) return replaced
    if (replaced) return null
  }
  throw new LockedError(directory, null)
}

/**
 * Lets one starter at a time replace what a dead holder left, or a second one could remove what the first has just made.
 * Resolves with what `replace` comes to, or false where another one is at it.
 */
const takeOver = async (path: string, replace: () => Promise<boolean>): Promise<boolean> => {
  const takeover = `${path}.takeover`
  try {
    // Empty: on a full disk there is room for a name, and what a failed write leaves would keep the next one out.
    await (await fs.open(takeover, 'wx', 0o600)).close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const age = await fs.stat(takeover).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > takeoverAge) await fs.unlink(takeover).catch(ignoreMissing)
    await setTimeout(50)
    return false
  }
  try {
    return await replace()
  } finally {
    await fs.unlink(takeover).catch(ignoreMissing)
  }
}

const ignoreMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error
}

const listen = (server: Server, path: string): Promise<NodeJS.ErrnoException | null> =>
  new Promise(resolve => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      resolve(error)
    }
    const listening = () => {
      server.off('error', failed)
      server.on('error', () => {}) // a failed accept concerns the one who asked
      resolve(null)
    }
    server.once('error', failed).once('listening', listening).listen(path)
  })

/** Asks the holder who it is: `dead` where nobody listens, null where the holder does not say (it may be stopped). */
const ask = (path: string): Promise<(Holder & { token: string }) | null | 'dead'> =>
  new Promise(resolve => {
    const socket = connect(path)
    let text = ''
    socket.setTimeout(2_000, () => socket.destroy())
    socket.setEncoding('utf8')
    socket.on('data', chunk => {
      text += chunk
      if (text.length > 4_096) socket.destroy()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve('dead')
    })
    socket.on('close', () => {
      try {
        resolve(JSON.parse(text))
      } catch {
        resolve(null)
      }
    })
  })

/** Who has a directory; null where nobody does, or who does not say who it is. */
export const findHolder = async (directory: string): Promise<Holder | null> => {
  try {
    const answer = await ask(await socketPath(directory))
    if (answer !== null && answer !== 'dead') return answer
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException)
    return null
  }
  const holder = await holderOf(join(directory, 'lock.json'))
  return holder === 'young' ? null : holder
}

/** What the file of a lock says. `started` tells a process from a later one of the same number. */
type FileHolder = Holder & { readonly started: string | null }

/** For a file system that has no sockets: a file that names the process. `cause` is told where that fails too. */
export const lockFile = async (directory: string, since: string, cause: Error): Promise<Lock> => {
  const path = join(directory, 'lock.json')
  const started = await startOf(process.pid)
  const text = (url: string) => JSON.stringify({ pid: process.pid, url, since, started })
  const take = () => fs.writeFile(path, text(''), { flag: 'wx', mode: 0o600 })
  const lock: Lock = {
    announce: url => {
      fs.writeFile(path, text(url)).catch(() => {}) // only the URL stays unsaid
    },
    release: () => fs.unlink(path).catch(ignoreMissing),
  }
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isTaken(take(), cause)) return lock
    const found = await holderOf(path)
    if (found === 'young') {
      await setTimeout(50)
      continue
    }
    if (found) throw new LockedError(directory, found)
    const replaced = await takeOver(path, async () => {
      if ((await holderOf(path)) !== null) return false
      await fs.unlink(path).catch(ignoreMissing)
      return isTaken(take(), cause)
    })
    if (replaced) return lock
  }
  throw new LockedError(directory, null)
}

/** Whether a file was made; false where there is one, throws `cause` where none can be made. */
const isTaken = (making: Promise<void>, cause: Error): Promise<boolean> =>
  making.then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false
      throw cause
    },
  )

/** Who has the file: null where that is dead, `young` where it is about to say so. */
const holderOf = async (path: string): Promise<FileHolder | null | 'young'> => {
  try {
    const text = await fs.readFile(path, 'utf8')
    const holder = readHolder(text)
    if (holder) return (await isAlive(holder)) ? holder : null
    const { mtimeMs } = await fs.stat(path)
    return Date.now() - mtimeMs > takeoverAge ? null : 'young'
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException)
    return 'young'
  }
}

const readHolder = (text: string): FileHolder | null => {
  try {
    const holder = JSON.parse(text) as FileHolder
    return Number.isInteger(holder.pid) ? holder : null
  } catch {
    return null
  }
}

const isAlive = async ({ pid, started }: FileHolder): Promise<boolean> => {
  if (!isRunning(pid)) return false
  const now = await startOf(pid)
  return !started || !now || started === now
}

/** When a process started, in ticks since the system did (proc(5), field 22 of stat); null where that is not told. */
const startOf = async (pid: number): Promise<string | null> => {
  try {
    const text = await fs.readFile(`/proc/${pid}/stat`, 'latin1')
    // The name, in parentheses, may hold anything.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
