import { randomBytes } from 'node:crypto'
import type { Inbox, InboxRoute } from '../store/inbox.ts'

/** What an inbox shall be. */
export type InboxWish = InboxRoute & {
  /** For people; `''` where there is none. */
  readonly name: string
  /** Milliseconds that it shall be there. */
  readonly timeToLive: number
}

/** 32, none of which is taken for another: each stands for five random bits. */
const letters = 'abcdefghjkmnpqrstuvwxyz023456789'

/** An inbox with an address and a password that nobody can guess, and that no other has. */
export function makeInbox(wish: InboxWish, now: number): Inbox {
  const id = `${slugOf(wish.name) || 'inbox'}-${randomText(12)}`
  return {
    id,
    name: wish.name || id,
    password: randomText(24),
    addresses: lowerCased(wish.addresses),
    domains: lowerCased(wish.domains),
    tags: lowerCased(wish.tags),
    smtpPort: null,
    createdAt: now,
    expiresAt: now + wish.timeToLive,
  }
}

/** What of a name can stand in an address, at most 40 characters of it. */
function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-|-$/g, '')
}

const randomText = (length: number): string =>
  [...randomBytes(length)].map(octet => letters[octet % letters.length]).join('')

const lowerCased = (texts: readonly string[]): readonly string[] => [
  ...new Set(texts.map(text => text.toLowerCase())),
]
