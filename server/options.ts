import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { closest } from './closest.ts'
import { isLoopback } from './net/connection-limit.ts'
import {
  basePathKind,
  type Credentials,
  countKind,
  credentialsKind,
  durationKind,
  filePathKind,
  hostKind,
  hostListKind,
  type Kind,
  originListKind,
  pathKind,
  portKind,
  sizeKind,
  switchKind,
} from './option-kinds.ts'

/** What `startMailcatch` takes, complete. Octets, milliseconds, messages; a port is a number, or null for off. */
export type Options = {
  smtpPort: number | null
  httpPort: number | null
  smtpsPort: number | null
  pop3Port: number | null
  pop3sPort: number | null
  imapPort: number | null
  imapsPort: number | null
  httpsPort: number | null
  /** null: 127.0.0.1 and ::1 with the same number. */
  host: string | null
  /** The data directory; unused with `memory`. */
  data: string
  memory: boolean
  maxMessages: number
  maxBytes: number
  maxAge: number | null
  /** What is flagged stays, whatever the limits say. */
  keepFlagged: boolean
  maxMessageSize: number
  maxRecipients: number
  fsync: boolean
  /** Guards every front-end. */
  auth: Credentials | null
  /** Guards SMTP alone. */
  smtpAuth: Credentials | null
  /** Said outright: listen beyond loopback without `auth`. */
  noAuth: boolean
  tlsCert: string | null
  tlsKey: string | null
  /** False with `--no-starttls`: the SMTP and POP3 ports offer no TLS. */
  starttls: boolean
  /** Starts and ends with `/`. */
  basePath: string
  allowHost: readonly string[]
  allowOrigin: readonly string[]
  /** Remote content of mails is shown without asking. */
  allowRemote: boolean
  /** False with `--no-delete`. */
  allowDelete: boolean
}

/** The front-ends, as their ports. */
export const PORT_KEYS = [
  'smtpPort',
  'smtpsPort',
  'pop3Port',
  'pop3sPort',
  'imapPort',
  'imapsPort',
  'httpPort',
  'httpsPort',
] as const satisfies readonly (keyof Options)[]

/** What only the command line takes. */
export type CommandOptions = Options & {
  open: boolean
  json: boolean
  quiet: boolean
  verbose: boolean
  color: boolean
  config: string | null
}

/** One option: everything that the command line, the help, the README and the checks know of it. */
export type Option<T = unknown> = {
  readonly kind: Kind<T>
  readonly group: 'Ports' | 'Store' | 'Limits' | 'Access' | 'Inbox' | 'Command line'
  /** For the command line; `libraryOptions` knows where `startMailcatch` differs. */
  readonly default: T
  /** The default in the help, where its value would say little. */
  readonly shown?: string
  readonly help: string
  /** The flag, where it is not the key in kebab case. */
  readonly flag?: string
  /** True for a switch whose flag says no to its key: `--no-delete` makes `allowDelete` false. */
  readonly negated?: true
  readonly short?: string
  /** True for what is said anew each time: it has no variable and no key in the file. */
  readonly flagOnly?: true
}

/** Options by their keys. */
export type OptionTable = Readonly<Record<string, Option>>

/** The values of a table's options. */
export type ValuesOf<T extends OptionTable> = {
  readonly [Key in keyof T]: T[Key] extends Option<infer V> ? V : never
}

const MiB = 2 ** 20
const MEMORY_MAX_BYTES = 256 * MiB

/** Every option once. */
export const OPTIONS: { readonly [Key in keyof CommandOptions]: Option<CommandOptions[Key]> } = {
  smtpPort: {
    kind: portKind,
    group: 'Ports',
    default: 1025,
    help: 'SMTP, with STARTTLS and AUTH',
  },
  smtpsPort: {
    kind: portKind,
    group: 'Ports',
    default: null,
    help: 'SMTP with TLS from the first byte (usual: 1465)',
  },
  httpPort: {
    kind: portKind,
    group: 'Ports',
    default: 8025,
    help: 'the web inbox, the HTTP API and its WebSocket',
  },
  pop3Port: {
    kind: portKind,
    group: 'Ports',
    default: 1110,
    help: 'POP3, with STLS: for mail clients that fetch what was caught',
  },
  pop3sPort: {
    kind: portKind,
    group: 'Ports',
    default: null,
    help: 'POP3 with TLS from the first byte (usual: 1995)',
  },
  imapPort: {
    kind: portKind,
    group: 'Ports',
    default: 1143,
    help: 'IMAP, with STARTTLS: for mail clients that show what was caught',
  },
  imapsPort: {
    kind: portKind,
    group: 'Ports',
    default: null,
    help: 'IMAP with TLS from the first byte (usual: 1993)',
  },
  httpsPort: {
    kind: portKind,
    group: 'Ports',
    default: null,
    help: 'the inbox over HTTPS too (usual: 8443)',
  },
  host: {
    kind: hostKind,
    group: 'Ports',
    default: null,
    shown: '127.0.0.1 and ::1',
    help: 'the address to listen on; beyond loopback it needs --auth or --no-auth',
  },
  data: {
    kind: pathKind,
    group: 'Store',
    default: '',
    shown: "~/.local/share/mailcatch, or the platform's place",
    help: 'the directory that keeps the mail',
  },
  memory: {
    kind: switchKind,
    group: 'Store',
    default: false,
    help: 'keep nothing on disk',
  },
  fsync: {
    kind: switchKind,
    group: 'Store',
    default: false,
    help: 'make every accepted mail survive power loss too',
  },
  maxMessages: {
    kind: countKind,
    group: 'Limits',
    default: 10_000,
    help: 'how many messages to keep; the oldest go first',
  },
  maxBytes: {
    kind: sizeKind,
    group: 'Limits',
    default: 1024 * MiB,
    shown: '1GiB, 256MiB with --memory',
    help: 'how many bytes to keep, 200 more for each address and tag; the oldest go first',
  },
  maxAge: {
    kind: durationKind,
    group: 'Limits',
    default: null,
    shown: 'none',
    help: 'how long to keep a message',
  },
  keepFlagged: {
    kind: switchKind,
    group: 'Limits',
    default: false,
    help: 'never drop a flagged message for a limit',
  },
  maxMessageSize: {
    kind: sizeKind,
    group: 'Limits',
    default: 50 * MiB,
    shown: '50MiB',
    help: 'the largest message that is accepted',
  },
  maxRecipients: {
    kind: countKind,
    group: 'Limits',
    default: 1000,
    help: 'how many recipients one message may have',
  },
  auth: {
    kind: credentialsKind,
    group: 'Access',
    default: null,
    help: 'ask for this login everywhere',
  },
  smtpAuth: {
    kind: credentialsKind,
    group: 'Access',
    default: null,
    help: 'ask for this login in SMTP alone',
  },
  noAuth: {
    kind: switchKind,
    group: 'Access',
    default: false,
    help: 'listen beyond loopback without a login',
  },
  tlsCert: {
    kind: filePathKind,
    group: 'Access',
    default: null,
    shown: 'one of our own',
    help: 'the TLS certificate (PEM), with --tls-key',
  },
  tlsKey: {
    kind: filePathKind,
    group: 'Access',
    default: null,
    shown: 'one of our own',
    help: 'the key of the TLS certificate (PEM)',
  },
  starttls: {
    kind: switchKind,
    group: 'Access',
    default: true,
    flag: 'no-starttls',
    negated: true,
    help: 'offer no STARTTLS or STLS, to apps that use it unasked and then distrust our certificate',
  },
  allowHost: {
    kind: hostListKind,
    group: 'Access',
    default: [],
    help: 'a further host name under which the inbox may be asked for (repeatable)',
  },
  allowOrigin: {
    kind: originListKind,
    group: 'Access',
    default: [],
    help: 'a web origin that may use the API from a browser (repeatable)',
  },
  basePath: {
    kind: basePathKind,
    group: 'Inbox',
    default: '/',
    help: 'the path under which the inbox and the API are served',
  },
  allowRemote: {
    kind: switchKind,
    group: 'Inbox',
    default: false,
    help: 'show remote content of mails without asking',
  },
  allowDelete: {
    kind: switchKind,
    group: 'Inbox',
    default: true,
    flag: 'no-delete',
    negated: true,
    help: 'refuse to delete mail',
  },
  open: {
    kind: switchKind,
    group: 'Command line',
    default: false,
    help: 'open the inbox in the browser',
  },
  json: {
    kind: switchKind,
    group: 'Command line',
    default: false,
    help: 'print one JSON object per line: ready, mail, error',
  },
  quiet: {
    kind: switchKind,
    group: 'Command line',
    default: false,
    help: 'print errors only',
  },
  verbose: {
    kind: switchKind,
    group: 'Command line',
    default: false,
    help: 'log every mail, and stack traces',
  },
  color: {
    kind: switchKind,
    group: 'Command line',
    default: true,
    flag: 'no-color',
    negated: true,
    help: 'no colours (NO_COLOR and FORCE_COLOR are honoured too)',
  },
  config: {
    kind: filePathKind,
    group: 'Command line',
    default: null,
    shown: './mailcatch.config.json if there is one',
    help: 'read settings from this JSON file',
  },
}

export type OptionKey = keyof CommandOptions

export const OPTION_KEYS = Object.keys(OPTIONS) as readonly OptionKey[]

/** Without `--`. */
export const flagName = (key: string, { flag }: Option): string =>
  flag ?? key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)

export const variableName = (key: string, option: Option): string =>
  `MAILCATCH_${flagName(key, option).replaceAll('-', '_').toUpperCase()}`

export const flagOf = (key: OptionKey): string => flagName(key, OPTIONS[key])

export const variableOf = (key: OptionKey): string => variableName(key, OPTIONS[key])

/** What the command line alone takes: no key of `Options`. */
const COMMAND_ONLY: ReadonlySet<string> = new Set(
  OPTION_KEYS.filter(key => OPTIONS[key].group === 'Command line'),
)

/** What was asked for cannot be: exit code 2. The message is for the person who asked. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/**
 * Completes what a program gave to `startMailcatch`: any free ports, nothing on disk (unless `data` is given).
 * @throws UsageError for an unknown key, a value that is none, or options that contradict each other
 */
export function libraryOptions(given: Partial<Options>): Options {
  const keys = OPTION_KEYS.filter(key => !COMMAND_ONLY.has(key))
  for (const [key, value] of Object.entries(given)) {
    if (!(keys as readonly string[]).includes(key)) {
      const near = closest(key, keys)
      throw new UsageError(`unknown option ${key}${near ? `; did you mean ${near}?` : ''}`)
    }
    const { kind } = OPTIONS[key as OptionKey]
    if (value !== undefined && !kind.accepts(value)) {
      throw new UsageError(`${key}: not ${kind.expected}`)
    }
  }
  const isStored = given.data !== undefined && given.memory !== true
  const defaults: Partial<Options> = {
    smtpPort: 0,
    pop3Port: 0,
    imapPort: 0,
    httpPort: 0,
    memory: !isStored,
  }
  return completeOptions({ ...defaults, ...withoutUndefined(given) }, keys)
}

/** Fills in the defaults and checks what options say together. */
export function completeOptions<T extends Options>(
  given: Partial<T>,
  keys: readonly OptionKey[] = OPTION_KEYS,
): T {
  const defaults = Object.fromEntries(keys.map(key => [key, OPTIONS[key].default]))
  const options = { ...defaults, ...given } as T
  if (options.data === '') options.data = defaultDataDirectory()
  if (options.memory && given.maxBytes === undefined) options.maxBytes = MEMORY_MAX_BYTES
  check(options)
  return options
}

function withoutUndefined(given: Partial<Options>): Partial<Options> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function check(options: Options): void {
  const ports = PORT_KEYS.map(key => options[key]).filter(port => port !== null)
  if (ports.length === 0) {
    throw new UsageError('nothing to start: every front-end is off')
  }
  if (options.auth && options.noAuth) {
    throw new UsageError('--auth and --no-auth contradict each other')
  }
  if ((options.tlsCert === null) !== (options.tlsKey === null)) {
    throw new UsageError('--tls-cert and --tls-key belong together')
  }
  if (options.host !== null && !isLoopback(options.host) && !options.auth && !options.noAuth) {
    throw new UsageError(
      `--host ${options.host} lets others in: add --auth user:password, or --no-auth if that is meant`,
    )
  }
  const fixed = ports.filter(port => port > 0)
  if (new Set(fixed).size < fixed.length) {
    throw new UsageError(`two front-ends cannot share one port: ${fixed.join(', ')}`)
  }
}

/** Environment variables, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The platform's place for an application's data. */
export function defaultDataDirectory(
  environment: Environment = process.env,
  platform: string = process.platform,
): string {
  const home = homedir()
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'mailcatch')
  if (platform === 'win32') {
    return join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'mailcatch')
  }
  // A relative path is to be ignored: XDG Base Directory Specification, "Basics".
  const xdg = environment.XDG_DATA_HOME
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'share'), 'mailcatch')
}
