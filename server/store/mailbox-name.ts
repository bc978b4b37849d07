import { MailboxError } from './store-error.ts'

/** Characters of one level, and octets of a whole name. */
const limits = { level: 255, octets: 2_000, levels: 20 } as const

/**
 * The one form of a name: INBOX in upper case, also as the first level (RFC 9051 §5.1), characters composed
 * (Net-Unicode, RFC 5198 §3).
 */
export const canonicalName = (name: string): string =>
  name.normalize('NFC').replace(/^inbox(?=\/|$)/i, 'INBOX')

/**
 * The canonical form of a name that a new mailbox may have: levels separated by `/`, none of them empty, no control
 * characters. A name is data and never a path, so `..` and `con` are names as good as any. Throws a MailboxError
 * `cannot` for what is none.
 */
export const readMailboxName = (text: string): string => {
  const name = canonicalName(text)
  const levels = name.split('/')
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(name)) {
    throw new MailboxError('cannot', 'a mailbox name has no control characters')
  }
  if (levels.includes('')) throw new MailboxError('cannot', 'a level of the name is empty')
  if (
    levels.length > limits.levels ||
    levels.some(level => level.length > limits.level) ||
    Buffer.byteLength(name) > limits.octets
  ) {
    throw new MailboxError(
      'cannot',
      `a mailbox name has at most ${limits.levels} levels of ${limits.level} characters`,
    )
  }
  return name
}

/** The names above one in the hierarchy, the outermost first. */
export const namesAbove = (name: string): string[] => {
  const levels = name.split('/')
  return levels.slice(1).map((_, index) => levels.slice(0, index + 1).join('/'))
}
