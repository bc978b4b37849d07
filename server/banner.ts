import { homedir } from 'node:os'
import { sep } from 'node:path'
import type { Ports } from './mailcatch.ts'
import type { Options } from './options.ts'

export type Banner = {
  readonly version: string
  readonly options: Options
  readonly ports: Ports
  readonly url: string | null
  /** Milliseconds since the process began. */
  readonly readyAfter: number
  /** What the keys do, null where there are none. */
  readonly keys: string | null
  readonly hasColor: boolean
}

/** What a person sees in the terminal once everything is open. */
export function fancyBanner(banner: Banner): string {
  const paint = (code: number, text: string) =>
    banner.hasColor ? `\x1b[${code}m${text}\x1b[0m` : text
  const rows = linesOf(banner).map(
    ({ name, value, note }) =>
      `  ${paint(32, '>')} ${name.padEnd(6)} ${paint(36, value)}${note ? `   ${paint(2, note)}` : ''}`,
  )
  const keys = banner.keys === null ? [] : [`  press ${paint(2, banner.keys)}`, '']
  const ready = `ready in ${Math.round(banner.readyAfter)} ms`
  const title = `  ${paint(1, 'mailcatch')} ${banner.version}  ${paint(2, ready)}`
  return ['', title, '', ...rows, '', ...keys].join('\n')
}

/** The same for a log: one line for each. */
export function plainBanner(banner: Banner): string {
  const title = `mailcatch ${banner.version} ready in ${Math.round(banner.readyAfter)} ms`
  return [title, ...linesOf(banner).map(({ name, value }) => `${name} ${value}`)].join('\n')
}

type Line = { readonly name: string; readonly value: string; readonly note?: string }

function linesOf({ options, ports, url }: Banner): Line[] {
  const host = options.host === null ? 'localhost' : options.host
  const at = (port: number) => `${host.includes(':') ? `[${host}]` : host}:${port}`
  const isGuarded = options.auth !== null
  const smtp = options.smtpAuth || isGuarded ? 'login required' : 'any address, any credentials'
  const pop3 = isGuarded ? 'login required' : 'any user, any password'
  const imap = pop3
  const lines: Line[] = []
  const add = (name: string, port: number | null, note: string) => {
    if (port !== null) lines.push({ name, value: at(port), note: `(${note})` })
  }
  if (url !== null) lines.push({ name: 'Inbox', value: url })
  if (ports.http !== null && ports.https !== null) {
    lines.push({ name: 'HTTPS', value: `https://${at(ports.https)}${options.basePath}` })
  }
  add('SMTP', ports.smtp, options.starttls ? `${smtp}, STARTTLS` : smtp)
  add('SMTPS', ports.smtps, smtp)
  add('POP3', ports.pop3, options.starttls ? `${pop3}, STLS` : pop3)
  add('POP3S', ports.pop3s, pop3)
  add('IMAP', ports.imap, options.starttls ? `${imap}, STARTTLS` : imap)
  add('IMAPS', ports.imaps, imap)
  lines.push({ name: 'Store', value: `${placeOf(options)}, newest ${limitsOf(options)}` })
  return lines
}

function placeOf({ memory, data }: Options): string {
  if (memory) return 'memory only'
  const home = homedir() + sep
  return data.startsWith(home) ? `~${sep}${data.slice(home.length)}` : data
}

function limitsOf({ maxMessages, maxBytes, maxAge }: Options): string {
  const days = maxAge === null ? '' : `, ${formatDuration(maxAge)}`
  return `${maxMessages.toLocaleString('en')}, ${formatSize(maxBytes)}${days}`
}

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

function formatSize(octets: number): string {
  const power = Math.min(Math.floor(Math.log2(octets) / 10), SIZES.length - 1)
  return `${Number((octets / 1024 ** power).toFixed(1))} ${SIZES[power]}`
}

function formatDuration(milliseconds: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1000, 's'],
  ] as const
  for (const [size, unit] of units) {
    if (milliseconds % size === 0) return `${milliseconds / size} ${unit}`
  }
  return `${milliseconds} ms`
}
