import { fileURLToPath } from 'node:url'
import type { Log } from './log.ts'
import { ConnectionLimit } from './net/connection-limit.ts'
import type { SecureContextSource } from './net/tls.ts'
import { libraryOptions, type Options } from './options.ts'
import type { MailStore } from './store/mail-store.ts'
import { version } from './version.ts'

// `await using` looks for this symbol; a run time without it would name the property below "undefined".
;(Symbol as { asyncDispose: symbol }).asyncDispose ??= Symbol.for('nodejs.asyncDispose')

/** How long the front-ends may take to end what is under way before the store is closed under them. */
const PATIENCE = 9300

/** Real port numbers; null where a front-end is off. */
export type Ports = {
  readonly smtp: number | null
  readonly smtps: number | null
  readonly pop3: number | null
  readonly pop3s: number | null
  readonly imap: number | null
  readonly imaps: number | null
  readonly https: number | null
  readonly http: number | null
}

/** A running Mailcatch. */
export type Mailcatch = AsyncDisposable & {
  /** The inbox and the base of the API, with a `/` at its end; null where HTTP is off. */
  readonly url: string | null
  readonly ports: Ports
  /** Ends every connection and what is under way, then the store. A second call waits for the first. */
  close(): Promise<void>
}

/**
 * Starts Mailcatch in this process. Without options it takes any free ports and keeps nothing on disk;
 * it reads no variable and no file, prints nothing, and does not keep the process alive by itself.
 *
 * @example
 * ```ts
 * await using mail = await startMailcatch()
 * const transport = nodemailer.createTransport({ host: 'localhost', port: mail.ports.smtp })
 * ```
 * @param options sizes in octets, times in milliseconds; a port is a number (0: any free one) or null for off
 * @throws UsageError where the options cannot be met, PortInUseError or LockedError where something is taken
 */
export async function startMailcatch(options: Partial<Options> = {}): Promise<Mailcatch> {
  const { url, ports, close } = await launch(libraryOptions(options), {
    log: SILENT,
    keepsProcessAlive: false,
  })
  return { url, ports, close, [Symbol.asyncDispose]: close }
}

const SILENT: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** @internal */
export type Surroundings = {
  readonly log: Log
  /** Whether the open ports keep the process running. */
  readonly keepsProcessAlive: boolean
}

/** @internal */
export type Launched = Omit<Mailcatch, typeof Symbol.asyncDispose> & { readonly store: MailStore }

type FrontEnd = { readonly port: number; close(): Promise<void> }
type Closing = Pick<FrontEnd, 'close'>

/**
 * Starts the store and every front-end that is on; closes what was opened when something cannot be.
 *
 * @internal
 */
export async function launch(options: Options, around: Surroundings): Promise<Launched> {
  const frontEnds: Closing[] = []
  // The modules load while the store opens.
  const loading = Promise.all([
    import('./smtp/server.ts'),
    import('./pop3/server.ts'),
    import('./http/server.ts'),
    import('./inboxes/inboxes.ts'),
    openTls(options, around.log),
  ])
  loading.catch(() => {}) // awaited below, unless the store fails first
  const store = await openStore(options, around.log)
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= closeAll(frontEnds, store)
    return closing
  }
  const start = async (port: number | null, serve: (port: number) => Promise<FrontEnd>) => {
    if (port === null) return null
    const frontEnd = await serve(port)
    frontEnds.push(frontEnd)
    return frontEnd.port
  }
  try {
    const [{ serveSmtp }, { servePop3 }, { serveHttp }, { LiveInboxes }, secureContext] =
      await loading
    const { host, maxMessages, maxBytes, maxAge, maxMessageSize, maxRecipients } = options
    const common = { store, host, limit: new ConnectionLimit(), ...around }
    const serveMail = (port: number, implicitTls: boolean, inbox?: string) =>
      serveSmtp({
        ...common,
        port,
        implicitTls,
        startTls: options.starttls,
        secureContext,
        auth: options.smtpAuth ?? options.auth,
        maxMessageSize,
        maxRecipients,
        ...(inbox !== undefined && { inbox }),
      })
    const serveMaildrops = (port: number, implicitTls: boolean) =>
      servePop3({
        ...common,
        port,
        implicitTls,
        startTls: options.starttls,
        secureContext,
        auth: options.auth,
        allowDelete: options.allowDelete,
        maxAge,
      })
    const smtp = await start(options.smtpPort, port => serveMail(port, false))
    const smtps = await start(options.smtpsPort, port => serveMail(port, true))
    const pop3 = await start(options.pop3Port, port => serveMaildrops(port, false))
    const pop3s = await start(options.pop3sPort, port => serveMaildrops(port, true))
    const serveClients = async (port: number, implicitTls: boolean) => {
      const { serveImap } = await import('./imap/server.ts')
      return serveImap({
        ...common,
        port,
        implicitTls,
        startTls: options.starttls,
        secureContext,
        auth: options.auth,
        allowDelete: options.allowDelete,
        maxMessageSize,
      })
    }
    const imap = await start(options.imapPort, port => serveClients(port, false))
    const imaps = await start(options.imapsPort, port => serveClients(port, true))
    // Their listeners leave the ports alone that are named.
    const inboxes = await LiveInboxes.open({
      store,
      listen: (port, inbox) => serveMail(port, false, inbox),
      allowDelete: options.allowDelete,
      keepFlagged: options.keepFlagged,
      log: around.log,
    })
    frontEnds.push(inboxes)
    let http: number | null = null
    let https: number | null = null
    if (options.httpPort !== null || options.httpsPort !== null) {
      const served = await serveHttp({
        ...common,
        inboxes,
        port: options.httpPort,
        https: options.httpsPort === null ? null : { port: options.httpsPort, secureContext },
        basePath: options.basePath,
        allowHost: options.allowHost,
        allowOrigin: options.allowOrigin,
        auth: options.auth,
        allowDelete: options.allowDelete,
        allowRemote: options.allowRemote,
        version,
        limits: { maxMessages, maxBytes, maxAge, maxMessageSize },
        ports: { smtp, smtps, pop3, pop3s, imap, imaps },
        webDirectory: WEB_DIRECTORY,
      })
      frontEnds.push(served)
      http = served.port
      https = served.httpsPort
    }
    const url = urlOf(options, http, https)
    if (url !== null) store.announce(url)
    return { url, ports: { smtp, smtps, pop3, pop3s, imap, imaps, http, https }, store, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Run from source, the built page lies in dist/; in the package, beside this file. */
const WEB_DIRECTORY = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/web' : './web', import.meta.url),
)

async function openTls(options: Options, log: Log): Promise<SecureContextSource> {
  const [{ openSecureContext }, { configDirectory }] = await Promise.all([
    import('./net/tls.ts'),
    import('./net/authority.ts'),
  ])
  const { memory, allowHost: names, tlsCert, tlsKey } = options
  return openSecureContext({ directory: configDirectory(), memory, names, tlsCert, tlsKey, log })
}

async function openStore(options: Options, log: Log): Promise<MailStore> {
  const { MailStore } = await import('./store/mail-store.ts')
  return MailStore.open({
    directory: options.memory ? null : options.data,
    maxMessages: options.maxMessages,
    maxBytes: options.maxBytes,
    maxAge: options.maxAge,
    keepFlagged: options.keepFlagged,
    maxMessageSize: options.maxMessageSize,
    fsync: options.fsync,
    log: line => log.warn(line),
  })
}

/** The front-ends, the last one first, all of them at once since each waits for its own clients; then the store. */
async function closeAll(frontEnds: readonly Closing[], store: MailStore): Promise<void> {
  const ended = Promise.allSettled(frontEnds.toReversed().map(frontEnd => frontEnd.close()))
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<[]>(resolve => {
    timer = setTimeout(resolve, PATIENCE, [])
  })
  const results = await Promise.race([ended, tooLong])
  clearTimeout(timer)
  await store.close()
  const reasons = results.flatMap(result => (result.status === 'rejected' ? [result.reason] : []))
  if (reasons.length > 0) throw new AggregateError(reasons, 'could not close every port')
}

/** Where a browser on this machine finds the inbox; null where there is none. */
function urlOf(
  { host, basePath }: Options,
  http: number | null,
  https: number | null,
): string | null {
  const port = http ?? https
  if (port === null) return null
  const isEverywhere = host === null || host === '0.0.0.0' || host === '::'
  const name = isEverywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `${http === null ? 'https' : 'http'}://${name}:${port}${basePath}`
}
