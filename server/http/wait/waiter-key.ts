import { fold } from '../../mime/fold.ts'
import type { Matcher } from '../../store/matcher.ts'
import type { Message } from '../../store/message.ts'
import { exactly } from '../../store/pattern.ts'

/**
 * What a message must have for a matcher to let it through, or null where that is no one thing. With it, an arrival finds
 * those who wait for its recipients without asking all the others.
 */
export function keyOf(matcher: Matcher): string | null {
  if (matcher.inbox !== undefined) return `inbox ${matcher.inbox}`
  for (const key of ['address', 'rcpt', 'to', 'authUser'] as const) {
    for (const value of [matcher[key] ?? []].flat()) {
      const wanted = exactly(value)
      if (wanted !== null) return `${key} ${wanted}`
    }
  }
  return null
}

/** The keys of all matchers that may let a message through, each once. */
export function keysOf({ rcptTo, to, cc, bcc, authUser, inboxes }: Message): ReadonlySet<string> {
  const keys = new Set<string>()
  const add = (key: string, value: string) => keys.add(`${key} ${fold(value)}`)
  for (const address of rcptTo) {
    add('rcpt', address)
    add('address', address)
  }
  for (const { address } of to) {
    add('to', address)
    add('address', address)
  }
  for (const { address } of [...cc, ...bcc]) add('address', address)
  add('authUser', authUser)
  for (const id of inboxes) keys.add(`inbox ${id}`)
  return keys
}
