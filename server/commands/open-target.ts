import { isIP } from 'node:net'
import { isLoopback } from '../net/connection-limit.ts'
import type { Credentials } from '../option-kinds.ts'
import { LockedError } from '../store/lock.ts'
import { CommandError } from './command-error.ts'
import type { Report } from './report.ts'
import type { Target } from './target.ts'

export type TargetOptions = {
  readonly url: string | null
  readonly data: string
  readonly auth: Credentials | null
  /** Octets; null leaves it to the target. */
  readonly maxMessageSize?: number | null
  /** What is put into a data directory survives a power loss too. */
  readonly fsync?: boolean
}

/**
 * Opens what the options name: a URL, or else the data directory, by way of the Mailcatch that has it if one does. No other
 * machine is spoken to unless its URL was given.
 *
 * @param mayMake whether a data directory that is not there is made
 */
export async function openTarget(
  { url, data, auth, maxMessageSize = null, fsync = false }: TargetOptions,
  report: Pick<Report, 'warn'>,
  mayMake: boolean,
): Promise<Target> {
  const { openServer } = await import('./server-target.ts')
  if (url !== null) return openServer(url, { auth, maxMessageSize })
  try {
    const { openDirectory } = await import('./directory-target.ts')
    return await openDirectory(data, { maxMessageSize, fsync, mayMake }, report)
  } catch (error) {
    if (!(error instanceof LockedError)) throw error
    const { holder } = error
    if (holder?.url && isOnThisMachine(holder.url))
      return openServer(holder.url, { auth, maxMessageSize })
    const remedy = holder?.url ? `; --url ${holder.url} talks to it` : ''
    throw new CommandError('MAILCATCH_DATA_IN_USE', `${error.message}${remedy}`, {
      exitCode: 3,
      cause: error,
    })
  }
}

/** Whether a URL is one of this machine, so that nobody else is spoken to. */
export function isOnThisMachine(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[(.*)\]$/, '$1')
  return host === 'localhost' || (isIP(host) !== 0 && isLoopback(host))
}
