import { ImapError } from '../errors.ts'

/** Flags with a meaning of their own, as we write them (RFC 9051 §2.3.2). */
export const SYSTEM_FLAGS = ['\\Answered', '\\Flagged', '\\Deleted', '\\Seen', '\\Draft'] as const

/** Keywords that other programs know (RFC 9051 §2.3.2, RFC 5788, RFC 8457), as they are registered. */
const REGISTERED = [
  '$MDNSent',
  '$Forwarded',
  '$Junk',
  '$NotJunk',
  '$Phishing',
  '$Important',
  '$SubmitPending',
  '$Submitted',
] as const

const CANONICAL: ReadonlyMap<string, string> = new Map(
  [...SYSTEM_FLAGS, ...REGISTERED].map(flag => [flag.toLowerCase(), flag]),
)

/** Octets of a keyword, and flags in one command. */
export const FLAG_LIMITS = { length: 100, count: 500 } as const

/** RFC 9051 §9, ATOM-CHAR. */
const KEYWORD = /^[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/

/**
 * A flag as we keep it. Flags are the same whatever their case (RFC 9051 §9, note 1): system flags and registered
 * keywords get their registered spelling, any other keyword keeps the client's, and {@link isSameFlag} compares.
 * Null where a client cannot set it: it is no atom, or a system flag that does not exist or is the server's own
 * (`\Recent`).
 */
export function readFlag(text: string): string | null {
  const canonical = CANONICAL.get(text.toLowerCase())
  if (canonical !== undefined) return canonical
  return KEYWORD.test(text) ? text : null
}

/**
 * The flags, each once whatever its case.
 *
 * @throws ImapError `NO [LIMIT]` where there are too many, or one is too long
 */
export function readFlags(texts: readonly string[]): readonly string[] {
  const flags = new Map<string, string>()
  for (const flag of texts) {
    if (!flags.has(flag.toLowerCase())) flags.set(flag.toLowerCase(), flag)
  }
  if (flags.size > FLAG_LIMITS.count) throw new ImapError('NO', 'too many flags', 'LIMIT')
  if (texts.some(flag => flag.length > FLAG_LIMITS.length)) {
    throw new ImapError('NO', `a keyword has at most ${FLAG_LIMITS.length} octets`, 'LIMIT')
  }
  return [...flags.values()]
}

/** Whether two flags are one. */
export function isSameFlag(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
