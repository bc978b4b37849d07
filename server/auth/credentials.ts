import { createHash, timingSafeEqual } from 'node:crypto'

/** A user's name and password, as `--auth user:password` says them or as a client sends them. */
export type Credentials = { readonly user: string; readonly password: string }

/**
 * Whether a client may log in: with the credentials that are set, or with any where none are. The time it takes
 * tells nothing of how much was right.
 */
export function acceptsCredentials(expected: Credentials | null, given: Credentials): boolean {
  if (!expected) return true
  const user = isSameText(expected.user, given.user)
  const password = isSameText(expected.password, given.password)
  return user && password
}

/** Compares in a time that depends on neither text but for its length: digests have one length. */
export function isSameText(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
