import { createHash } from 'node:crypto'
import type { MailStore } from '../../server/store/mail-store.ts'
import { entryKey, type Seen } from './ledger.ts'

/** What an entry has that must outlive a crash. */
export type Sight = {
  /** Of the octets as they were sent. */
  readonly sha: string
  readonly rcptTo: readonly string[]
  readonly flags: readonly string[]
  readonly tags: readonly string[]
}

export const shaOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 24)

export const writeSight = ({ sha, rcptTo, flags, tags }: Sight): string =>
  JSON.stringify({ sha, rcptTo, flags, tags })

export const readSight = (value: string): Sight => JSON.parse(value) as Sight

/** Everything that a store shows, each message read. */
export const look = async (store: MailStore): Promise<Seen> => {
  const seen = new Map<string, string>()
  for (const number of await store.match({})) {
    const raw = await store.rawBytes(number).catch(error => {
      if (store.entry(number)) throw error
    })
    const entry = store.entry(number)
    if (!entry || !raw) continue // retention was faster
    const { rcptTo } = entry.message
    seen.set(entryKey('/1', number), writeSight({ ...entry, sha: shaOf(raw), rcptTo }))
  }
  return seen
}
