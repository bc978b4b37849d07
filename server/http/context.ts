import type { Checker } from '../checks/checker.ts'
import type { LiveInboxes } from '../inboxes/inboxes.ts'
import type { Log } from '../log.ts'
import type { ConnectionLimit } from '../net/connection-limit.ts'
import type { SecureContextSource } from '../net/tls.ts'
import type { MailStore } from '../store/mail-store.ts'
import type { Credentials } from './auth.ts'
import type { Live } from './live.ts'
import type { OneByOne } from './one-by-one.ts'
import type { Stats } from './resources.ts'
import type { Patients } from './wait/patience.ts'
import type { Waiters } from './wait/waiters.ts'

/** What `serveHttp` takes. */
export type HttpOptions = {
  readonly store: MailStore
  readonly inboxes: LiveInboxes
  /** 0 is any free port, null none: HTTPS alone. */
  readonly port: number | null
  /** The same over TLS, on a port of its own. */
  readonly https?: { readonly port: number; readonly secureContext: SecureContextSource } | null
  /** null: 127.0.0.1 and ::1 with the same number. */
  readonly host: string | null
  /** Starts and ends with `/`. */
  readonly basePath: string
  readonly allowHost: readonly string[]
  readonly allowOrigin: readonly string[]
  readonly auth: Credentials | null
  readonly allowDelete: boolean
  /** Remote content of mails is shown without asking. */
  readonly allowRemote: boolean
  readonly version: string
  readonly limits: Stats['limits']
  /** Of connections; shared with the other front-ends. */
  readonly limit?: ConnectionLimit
  /** See `ListenOptions`. */
  readonly keepsProcessAlive?: boolean
  /** The other front-ends' ports, looked at for each answer. */
  readonly ports: Omit<Stats['ports'], 'http' | 'https'>
  /** Where the built web inbox lies; null: beside the bundle. */
  readonly webDirectory: string | null
  readonly log: Log
}

/** What the calls have at hand. */
export type HttpContext = Omit<HttpOptions, 'port' | 'https' | 'host' | 'ports'> & {
  readonly ports: () => Stats['ports']
  readonly live: Live
  readonly checker: Checker
  /** Those that look for elements by a selector. */
  readonly selecting: OneByOne
  readonly waiters: Waiters
  readonly patients: Patients
  /** Milliseconds since 1970. */
  readonly startedAt: number
}
