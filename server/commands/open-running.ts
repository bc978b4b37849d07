import type { Credentials } from '../option-kinds.ts'
import { findHolder } from '../store/lock.ts'
import { CommandError } from './command-error.ts'
import { isOnThisMachine } from './open-target.ts'
import { Client } from './server-target.ts'

export type RunningOptions = {
  readonly url: string | null
  readonly data: string
  readonly auth: Credentials | null
  readonly httpPort: number | null
  readonly basePath: string
}

/**
 * Finds a running Mailcatch: at the URL that was given, or else the one that has the data directory, or that has the web port
 * of this machine. Rejects with a CommandError where there is none, or one that asks for another login.
 */
export async function openRunning({
  url,
  data,
  auth,
  httpPort,
  basePath,
}: RunningOptions): Promise<Client> {
  const known = url ?? (await urlOfHolder(data))
  const client = new Client(known ?? `http://localhost:${httpPort ?? 8025}${basePath}`, auth)
  try {
    await client.stats()
    return client
  } catch (error) {
    client.close()
    const isNobody = error instanceof CommandError && error.code === 'MAILCATCH_NO_ANSWER'
    if (known !== null || !isNobody) throw error
    throw new CommandError(
      'MAILCATCH_NO_ANSWER',
      `no Mailcatch is running at ${client.name}; start one with mailcatch, or name it by --url URL`,
      { cause: error },
    )
  }
}

async function urlOfHolder(data: string): Promise<string | null> {
  const holder = await findHolder(data)
  return holder?.url && isOnThisMachine(holder.url) ? holder.url : null
}
