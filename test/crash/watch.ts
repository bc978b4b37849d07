import { readIdRanges } from '../../server/store/id-set.ts'
import type { Random } from '../helpers/random.ts'
import type { Ledger } from './ledger.ts'
import type { Look, MailboxSight } from './sight.ts'

/** A client that keeps what it saw of each mailbox, and asks later what has become of it (RFC 7162). */
export class Watch {
  readonly #ledger: Ledger
  readonly #random: Random
  readonly #kept = new Map<string, MailboxSight>()
  readonly #dates = new Map<string, string>()

  constructor(ledger: Ledger, random: Random) {
    this.#ledger = ledger
    this.#random = random
  }

  /** The mod-sequences to ask for, by place. */
  get since(): Record<string, number> {
    return Object.fromEntries(
      [...this.#kept].map(([place, { highestModseq }]) => [place, highestModseq]),
    )
  }

  check({ mailboxes, dates }: Look): void {
    const { wrong } = this.#ledger
    for (const [key, text] of dates) {
      const before = this.#dates.get(key)
      if (before !== undefined && before !== text) wrong.push(`dates of ${key}: ${before}, ${text}`)
      this.#dates.set(key, text)
    }
    for (const now of mailboxes) {
      const name = `${now.place} ${now.uidValidity}`
      this.#ledger.mark(`HIGHESTMODSEQ of ${name}`, now.highestModseq)
      this.#ledger.mark(`UIDNEXT of ${name}`, now.uidNext)
      const kept = this.#kept.get(now.place)
      const isSame = kept?.uidValidity === now.uidValidity
      if (isSame) wrong.push(...missed(kept, now))
      if (!isSame || this.#random.chance(0.5)) this.#kept.set(now.place, now)
    }
  }
}

/** What a client would not learn that asks what has changed since it looked last. */
const missed = (kept: MailboxSight, now: MailboxSight): string[] => {
  if (!now.since) return []
  const wrong: string[] = []
  const say = (text: string) =>
    wrong.push(`${now.place} since ${kept.highestModseq} (now ${now.highestModseq}): ${text}`)
  const changed = new Set(now.since.changed)
  const vanished = readIdRanges(now.since.vanished)
  const isVanished = (uid: number) =>
    vanished.some(({ first, last }) => first <= uid && uid <= last)
  const there = new Map(now.entries)
  const before = new Map(kept.entries)
  for (const [uid] of kept.entries) {
    if (!there.has(uid) && !isVanished(uid)) say(`${uid} vanished, and it is not told`)
  }
  for (const [uid, flags] of now.entries) {
    if (before.get(uid) !== flags && !changed.has(uid)) say(`${uid} changed, and it is not told`)
    if (isVanished(uid)) say(`${uid} is told to have vanished, and is there`)
    if (uid >= now.uidNext) say(`${uid} is not below UIDNEXT ${now.uidNext}`)
  }
  return wrong
}
