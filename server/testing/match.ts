/**
 * A string is sought whatever its case: anywhere in a text, but an address or a file name must be whole, with `*` as a
 * wildcard. A regular expression finds its place by itself; of its flags `i`, `s` and `m` count.
 */
export type Pattern = string | RegExp

/** Each must hold. */
export type Patterns = Pattern | readonly Pattern[]

/** Which mail is meant: everything that is given must hold. */
export type MailMatch = {
  /** An address of the field. */
  readonly to?: Patterns
  readonly cc?: Patterns
  readonly bcc?: Patterns
  readonly from?: Patterns
  readonly replyTo?: Patterns
  /** A recipient of the envelope. */
  readonly rcpt?: Patterns
  /** The sender of the envelope. */
  readonly mailFrom?: Patterns
  /** A recipient of the envelope, or an address of To, Cc or Bcc. */
  readonly address?: Patterns
  readonly subject?: Patterns
  /** The text, or that made from the HTML. */
  readonly text?: Patterns
  /** The HTML source. */
  readonly html?: Patterns
  /** Either. */
  readonly body?: Patterns
  /** Header fields by name, decoded. */
  readonly header?: Readonly<Record<string, Patterns>>
  /** The file name of an attachment. */
  readonly attachment?: Patterns
  readonly hasAttachment?: boolean
  readonly tag?: Patterns
  /** The user that the app logged in as. */
  readonly authUser?: Patterns
  readonly unread?: boolean
  /** Octets. */
  readonly minSize?: number
  readonly maxSize?: number
  readonly receivedAfter?: Date
  readonly receivedBefore?: Date
  /** The language of the search box. */
  readonly q?: string
  /** One of these must hold. */
  readonly any?: readonly MailMatch[]
  readonly not?: MailMatch
}

/** A string or an expression alone looks at the subject. */
export type Match = Pattern | MailMatch

/** A matcher as the API reads it. */
export type JsonMatcher = { readonly [key: string]: unknown }

/** Keys whose strings the server takes as they are. */
const PLAIN = new Set(['q'])

/** Says a match in the API's words. */
export function toMatcher(match: Match = {}): JsonMatcher {
  if (typeof match === 'string' || match instanceof RegExp) return { subject: written(match) }
  return Object.fromEntries(
    Object.entries(match)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, PLAIN.has(key) ? value : toValue(key, value)]),
  )
}

/** A matcher as parameters; `any` and `not` have no words there. */
export function toQuery({ any: _any, not: _not, header, ...others }: JsonMatcher): string {
  const fields = Object.entries(header ?? {}).map(([name, value]) => [`header.${name}`, value])
  const query = new URLSearchParams()
  for (const [key, value] of [...Object.entries(others), ...fields]) {
    for (const one of [value].flat()) query.append(key, String(one))
  }
  return `${query}`
}

function toValue(key: string, value: unknown): unknown {
  if (typeof value === 'string' || value instanceof RegExp) return written(value)
  if (value instanceof Date) return value.toISOString()
  if (key === 'not') return toMatcher(value as MailMatch)
  if (key === 'any') return (value as readonly MailMatch[]).map(one => toMatcher(one))
  if (Array.isArray(value)) return value.map(written)
  if (key === 'header') {
    const fields = Object.entries(value as Record<string, Patterns>)
    return Object.fromEntries(fields.map(([name, patterns]) => [name, toValue(name, patterns)]))
  }
  return value
}

/** A pattern as one string: `/…/` is an expression there, so that a string that begins with `/` says that it is none. */
function written(pattern: Pattern): string {
  if (typeof pattern === 'string') return pattern.startsWith('/') ? `\\${pattern}` : pattern
  const { source, flags } = pattern
  const inline = ['s', 'm'].filter(flag => flags.includes(flag)).join('')
  return `/${inline && `(?${inline})`}${source}/${flags.includes('i') ? 'i' : ''}`
}

/** Whether a text has what is sought, as the server would say. */
export function isFound(text: string, pattern: Pattern): boolean {
  if (typeof pattern === 'string') return folded(text).includes(folded(pattern))
  // Without `g` and `y`, which would make the answer depend on what was asked before.
  return new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(text)
}

/** Whether a text is what is sought, `*` being a wildcard. */
export function isWhole(text: string, pattern: Pattern): boolean {
  if (typeof pattern !== 'string') return isFound(text, pattern)
  const parts = folded(pattern)
    .split('*')
    .map(part => part.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(folded(text))
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase()
