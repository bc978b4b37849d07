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
    // Only one starter at a time may replace a dead socket, or a second one could remove the first one's live socket.
    const takeover = `${path}.takeover`
    try {
      // Empty: on a full disk there is room for a name, and what a failed write leaves would keep the next one out.
      await (await fs.open(takeover, 'wx', 0o600)).close()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return error as Error
      const age = await fs.stat(takeover).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > takeoverAge) await fs.unlink(takeover).catch(ignoreMissing)
      await setTimeout(50)
      continue
    }
    try {
      if ((await ask(path)) === 'dead') {
        await fs.unlink(path).catch(ignoreMissing)
        if (!(await listen(server, path))) return null
      }
    } finally {
      await fs.unlink(takeover).catch(ignoreMissing)
    }
  }
  throw new LockedError(directory, null)
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

/** For a file system that has no sockets: a file that names the process. */
const lockFile = async (directory: string, since: string, cause: Error): Promise<Lock> => {
  const path = join(directory, 'lock.json')
  const holder = (url: string): Holder => ({ pid: process.pid, url, since })
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await fs.writeFile(path, JSON.stringify(holder('')), { flag: 'wx', mode: 0o600 })
      return {
        announce: url => {
          fs.writeFile(path, JSON.stringify(holder(url))).catch(() => {}) // only the URL stays unsaid
        },
        release: () => fs.unlink(path).catch(ignoreMissing),
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    }
    const found = await fs.readFile(path, 'utf8').then(readHolder, () => null)
    if (found && isAlive(found.pid)) throw new LockedError(directory, found)
    await fs.unlink(path).catch(ignoreMissing)
  }
  throw new LockedError(directory, null)
}

const readHolder = (text: string): Holder | null => {
  try {
    const holder = JSON.parse(text) as Holder
    return Number.isInteger(holder.pid) ? holder : null
  } catch {
    return null
  }
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
