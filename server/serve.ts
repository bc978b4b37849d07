import type { ReadStream } from 'node:tty'
import { fancyBanner, plainBanner } from './banner.ts'
import { openBrowser } from './browser.ts'
import { jsonLine } from './json-line.ts'
import { isInForeground, type Keys, listenForKeys } from './keys.ts'
import { exit, governLifetime } from './lifetime.ts'
import { createLog, type Log } from './log.ts'
import { type Launched, launch } from './mailcatch.ts'
import type { CommandOptions } from './options.ts'
import { explainStartError } from './start-error.ts'
import type { Entry } from './store/message.ts'
import { version } from './version.ts'

const CONFIRM_WITHIN = 2000

/** Runs Mailcatch for the command line until a signal or a key ends it. */
export async function serve(options: CommandOptions, warnings: readonly string[]): Promise<void> {
  const stderrLog = createLog(options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal')
  const log = options.json ? withJsonErrors(stderrLog) : stderrLog
  for (const warning of warnings) log.warn(warning)
  const starting = launch(options, { log, keepsProcessAlive: true })
  let leaveKeys = () => {}
  const lifetime = governLifetime(async () => {
    leaveKeys()
    await (await starting).close()
  }, log)

  let mailcatch: Launched
  try {
    mailcatch = await starting
  } catch (error) {
    const { code, message, exitCode } = await explainStartError(error, options)
    if (options.json) process.stdout.write(jsonLine({ type: 'error', code, message }))
    stderrLog.error(message, options.verbose ? error : undefined)
    exit(exitCode)
    return
  }
  report(mailcatch, options, log)
  const open = () => {
    if (mailcatch.url === null) return
    openBrowser(mailcatch.url).catch((error: Error) =>
      log.warn(`cannot open a browser (${error.message}): ${mailcatch.url}`),
    )
  }
  if (hasKeys(options)) {
    const keys = keysOf(mailcatch, options, log, open, () => lifetime.signal('SIGINT'))
    leaveKeys = listenForKeys(process.stdin as ReadStream, keys)
  }
  if (options.open) open()
}

/** The banner or the `ready` line, then a line for each mail where that is asked for. */
function report(mailcatch: Launched, options: CommandOptions, log: Log): void {
  const { ports, url, store } = mailcatch
  const readyAfter = performance.now()
  if (options.json) {
    const data = options.memory ? null : options.data
    process.stdout.write(jsonLine({ type: 'ready', version, pid: process.pid, url, ports, data }))
  } else if (!options.quiet) {
    const banner = { version, options, ports, url, readyAfter, hasColor: hasColor(options) }
    const keys = hasKeys(options) ? keyHints(mailcatch, options) : null
    process.stdout.write(
      `${isFancy() ? fancyBanner({ ...banner, keys }) : plainBanner({ ...banner, keys: null })}\n`,
    )
  }
  if (!options.json && !options.verbose) return
  store.subscribe(({ changes }) => {
    for (const change of changes) {
      if (change.type !== 'message.added') continue
      if (options.json) process.stdout.write(jsonLine(mailLine(change.entry)))
      log.info(mailText(change.entry))
    }
  })
}

const mailLine = ({ number, message }: Entry) => ({
  type: 'mail',
  id: number,
  receivedAt: new Date(message.receivedAt).toISOString(),
  envelope: { mailFrom: message.mailFrom, rcptTo: message.rcptTo },
  from: message.from,
  to: message.to,
  subject: message.subject,
  size: message.size,
})

const mailText = ({ number, message }: Entry) =>
  `mail ${number}: <${message.mailFrom}> to ${message.rcptTo.map(address => `<${address}>`).join(' ')}, ${message.size} octets, ${message.subject}`

/** What goes wrong later is an `error` line too. */
function withJsonErrors(log: Log): Log {
  return {
    ...log,
    error: (message, cause) => {
      process.stdout.write(jsonLine({ type: 'error', code: 'MAILCATCH_ERROR', message }))
      log.error(message, cause)
    },
  }
}

/** On a terminal that a person looks at. */
const isFancy = (): boolean => process.stdout.isTTY === true && !process.env.CI

const hasKeys = ({ json, quiet }: CommandOptions): boolean =>
  isFancy() && process.stdin.isTTY === true && !json && !quiet && isInForeground()

/** NO_COLOR (no-color.org) and FORCE_COLOR beat what the terminal says, the flag beats all. */
function hasColor({ color }: CommandOptions): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env
  if (!color || NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return process.stdout.isTTY === true && TERM !== 'dumb'
}

const inWords = (count: number): string => `${count} message${count === 1 ? '' : 's'}`

const keyHints = ({ url }: Launched, { allowDelete }: CommandOptions): string =>
  [
    ...(url === null ? [] : ['o open']),
    ...(allowDelete ? ['c c clear'] : []),
    'h help',
    'q quit',
  ].join(', ')

function keysOf(
  mailcatch: Launched,
  options: CommandOptions,
  log: Log,
  open: () => void,
  interrupt: () => void,
): Keys {
  const say = (text: string) => void process.stdout.write(`  ${text}\n`)
  const clear = async () => {
    const ids = await mailcatch.store.match({})
    const count = await mailcatch.store.remove(ids)
    say(`deleted ${inWords(count)}`)
  }
  let confirmUntil = 0
  const clearTwice = () => {
    if (!options.allowDelete) return say('deleting is switched off (--no-delete)')
    if (performance.now() < confirmUntil) {
      confirmUntil = 0
      clear().catch((error: Error) => log.error('cannot clear', error))
    } else {
      confirmUntil = performance.now() + CONFIRM_WITHIN
      say(`press c again to delete ${inWords(mailcatch.store.total)}`)
    }
  }
  const help = () => {
    say(keyHints(mailcatch, options))
    say('every option: mailcatch --help')
  }
  return new Map([
    ['o', open],
    ['c', clearTwice],
    ['h', help],
    ['?', help],
    ['q', interrupt],
    // A raw terminal hands Ctrl-C and Ctrl-D over as characters.
    ['\x03', interrupt],
    ['\x04', interrupt],
  ])
}
