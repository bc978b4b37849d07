import { PortInUseError } from './net/listener.ts'
import { findMailcatch } from './net/port-holder.ts'
import { flagOf, type Options, PORT_KEYS, UsageError } from './options.ts'
import { LockedError } from './store/lock.ts'

/** Why it did not start: a code for programs, a sentence with the remedy for people, the exit code of the process. */
export type StartError = {
  readonly code: string
  readonly message: string
  readonly exitCode: 1 | 2 | 3
}

/** Explains an error of `launch`. Asks this machine's web port whether a mailcatch holds what was wanted. */
export async function explainStartError(error: unknown, options: Options): Promise<StartError> {
  if (error instanceof PortInUseError) return explainPortInUse(error, options)
  if (error instanceof LockedError) return explainLocked(error, options)
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof UsageError) return { code: 'MAILCATCH_USAGE', message, exitCode: 2 }
  return { code: 'MAILCATCH_START_FAILED', message: `cannot start: ${message}`, exitCode: 1 }
}

async function explainPortInUse(error: PortInUseError, options: Options): Promise<StartError> {
  const key = PORT_KEYS.find(candidate => options[candidate] === error.port)
  const flag = key ? `--${flagOf(key)}` : 'its flag'
  const url = await askForHolder(error.port, options)
  const holder = url === null ? 'in use by another process' : `held by a mailcatch, ${url}`
  return {
    code: 'MAILCATCH_PORT_IN_USE',
    message: `${error.frontEnd} port ${error.port} is ${holder}; ${flag} PORT takes another (0: any free one)`,
    exitCode: 3,
  }
}

/** The port itself may be a web port; otherwise a mailcatch behind the usual web port may hold it. */
async function askForHolder(port: number, { httpPort, basePath }: Options): Promise<string | null> {
  for (const webPort of new Set([port, httpPort ?? 8025])) {
    if (webPort === 0) continue
    const url = await findMailcatch(port, webPort, basePath)
    if (url !== null) return url
  }
  return null
}

function explainLocked({ holder }: LockedError, { data }: Options): StartError {
  const who = holder ? ` (pid ${holder.pid} since ${holder.since})` : ''
  const where = holder?.url ? ` at ${holder.url}` : ` with ${data}`
  return {
    code: 'MAILCATCH_DATA_IN_USE',
    message: `already running${where}${who}; --data DIR or --memory for a second one`,
    exitCode: 3,
  }
}
