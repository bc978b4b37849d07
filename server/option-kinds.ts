import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { posix, resolve } from 'node:path'

/** What a value of an option looks like: as text (flag, variable, file) and as a value (library). */
export type Kind<T> = {
  /** Stands for the value in the help; null for a switch. */
  readonly placeholder: string | null
  /** What is expected, for the error: `is not ${expected}`. */
  readonly expected: string
  /** The value that the text means, undefined where it means none. `directory` is where a relative path starts. */
  readonly parse: (text: string, directory: string) => T | undefined
  /** Whether a value given by a program is one. */
  readonly accepts: (value: unknown) => boolean
  /** True where a flag may be repeated, adding to the list. */
  readonly isList?: true
  /** True where a value must not be repeated in an error. */
  readonly isSecret?: true
}

/** Who may log in. */
export type Credentials = { readonly user: string; readonly password: string }

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1
const isPort = (value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65535

export const portKind: Kind<number | null> = {
  placeholder: 'PORT',
  expected: 'a port (0 to 65535, 0 for any free one, or off)',
  parse: text => {
    if (text === 'off') return null
    const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    return isPort(port) ? port : undefined
  },
  accepts: value => value === null || isPort(value),
}

export const switchKind: Kind<boolean> = {
  placeholder: null,
  expected: 'true or false',
  parse: text =>
    text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined,
  accepts: value => typeof value === 'boolean',
}

export const countKind: Kind<number> = {
  placeholder: 'N',
  expected: 'a whole number from 1',
  parse: text => {
    const count = /^\d{1,15}$/.test(text) ? Number(text) : 0
    return count >= 1 ? count : undefined
  },
  accepts: isCount,
}

const SIZE_UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  k: 2 ** 10,
  kib: 2 ** 10,
  m: 2 ** 20,
  mib: 2 ** 20,
  g: 2 ** 30,
  gib: 2 ** 30,
}

/** Octets. */
export const sizeKind: Kind<number> = {
  placeholder: 'SIZE',
  expected: 'a size (such as 50MiB, 1GiB, or a number of octets)',
  parse: text => {
    const size = measure(text, SIZE_UNITS)
    return isCount(size) ? size : undefined
  },
  accepts: isCount,
}

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** Milliseconds, or null for no limit. */
export const durationKind: Kind<number | null> = {
  placeholder: 'TIME',
  expected: 'a time (such as 7d, 12h, 30m, or none)',
  parse: text => {
    if (text === 'none') return null
    const duration = measure(text, DURATION_UNITS)
    return isCount(duration) ? duration : undefined
  },
  accepts: value => value === null || isCount(value),
}

export const hostKind: Kind<string | null> = {
  placeholder: 'ADDRESS',
  expected: 'an IP address (or localhost)',
  parse: text => {
    if (text === 'localhost') return null
    const address = text.replace(/^\[(.*)\]$/, '$1')
    return isIP(address) ? address : undefined
  },
  accepts: value => value === null || (isText(value) && isIP(value) !== 0),
}

export const pathKind: Kind<string> = {
  placeholder: 'PATH',
  expected: 'a path',
  parse: (text, directory) =>
    text === '' || text.includes('\0')
      ? undefined
      : resolve(
          directory,
          text.replace(/^~(?=[/\\]|$)/, () => homedir()),
        ),
  accepts: value => isText(value) && !value.includes('\0'),
}

export const filePathKind: Kind<string | null> = {
  ...pathKind,
  placeholder: 'FILE',
  accepts: value => value === null || pathKind.accepts(value),
}

export const credentialsKind: Kind<Credentials | null> = {
  placeholder: 'USER:PASSWORD',
  expected: 'user:password',
  isSecret: true,
  parse: text => {
    const colon = text.indexOf(':')
    const [user, password] = [text.slice(0, colon), text.slice(colon + 1)]
    return colon > 0 && password !== '' ? { user, password } : undefined
  },
  accepts: value => {
    if (value === null) return true
    if (typeof value !== 'object') return false
    const { user, password } = value as Partial<Credentials>
    // A colon would end the name in HTTP's Basic scheme (RFC 7617 §2).
    return isText(user) && !user.includes(':') && isText(password)
  },
}

/** The base of a Mailcatch's API, with `/` at its end; null for none. */
export const urlKind: Kind<string | null> = {
  placeholder: 'URL',
  expected: 'the URL of a Mailcatch (such as http://localhost:8025/; a login is for --auth)',
  // Somebody may have put a login into it all the same.
  isSecret: true,
  parse: text => {
    if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined
    const { username, password, search, hash, href } = new URL(text)
    if (username + password + search + hash !== '') return undefined
    return href.endsWith('/') ? href : `${href}/`
  },
  accepts: value => value === null || (isText(value) && urlKind.parse(value, '') === value),
}

/** Any text. */
export const textKind: Kind<string | null> = {
  placeholder: 'TEXT',
  expected: 'some text',
  parse: text => (text === '' ? undefined : text),
  accepts: value => value === null || isText(value),
}

/** A URL path that starts and ends with `/`. */
export const basePathKind: Kind<string> = {
  placeholder: 'PATH',
  expected: 'a URL path (such as /mail/)',
  parse: text => {
    const path = posix.join('/', text, '/')
    return isBasePath(path) && !text.split('/').includes('..') ? path : undefined
  },
  accepts: isBasePath,
}

function isBasePath(value: unknown): boolean {
  return isText(value) && /^\/(?:[\w~-][\w.~-]*\/)*$/.test(value)
}

/** Host names, without a port. */
export const hostListKind: Kind<readonly string[]> = listOf('HOST', 'a host name', text =>
  /^[\w-]+(?:\.[\w-]+)*$/.test(text) ? text.toLowerCase() : undefined,
)

/** Origins as a browser sends them (RFC 6454 §6.2). */
export const originListKind: Kind<readonly string[]> = listOf(
  'ORIGIN',
  'an origin (such as https://app.test:3000)',
  text => {
    if (!URL.canParse(text)) return undefined
    const { protocol, origin, href } = new URL(text)
    return /^https?:$/.test(protocol) && (href === `${origin}/` || href === origin)
      ? origin
      : undefined
  },
)

function listOf(
  placeholder: string,
  expected: string,
  item: (text: string) => string | undefined,
): Kind<readonly string[]> {
  return {
    placeholder,
    expected,
    isList: true,
    parse: text => {
      const items = text.split(',').map(part => item(part.trim()))
      return items.every(part => part !== undefined) ? items : undefined
    },
    accepts: value =>
      Array.isArray(value) && value.every(part => typeof part === 'string' && item(part) === part),
  }
}

/** `1.5GiB` with its unit, rounded down. */
function measure(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([a-z]{0,3})$/i.exec(text)
  const unit = (match?.[2] ?? '').toLowerCase()
  if (!match || !Object.hasOwn(units, unit)) return undefined
  return Math.floor(Number(match[1]) * (units[unit] ?? 1))
}
