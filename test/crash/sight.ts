import { createHash } from 'node:crypto'
import type { MailStore } from '../../server/store/mail-store.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import type { Entry } from '../../server/store/message.ts'
import { catchAllInbox, entryKey } from './ledger.ts'

/** What an entry has that must outlive a crash. */
export type Sight = {
  /** Of the octets with canonical line ends. */
  readonly sha: string
  /** Of the octets as they were sent, in the INBOX of the catch-all alone. */
  readonly raw: string
  readonly rcptTo: readonly string[]
  readonly flags: readonly string[]
  /** Of the catch-all alone: what an address shows of an arrival's tags is not stored. */
  readonly tags: readonly string[]
  /** The internal date where it is another than that of the arrival. */
  readonly date: number | null
}

export const shaOf = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex').slice(0, 24)

export const writeSight = ({ sha, raw, rcptTo, flags, tags, date }: Sight): string =>
  JSON.stringify({ sha, raw, rcptTo, flags, tags, date })

export const readSight = (value: string): Sight => JSON.parse(value) as Sight

/** A mailbox as `look` finds it. */
export type MailboxSight = {
  readonly place: string
  readonly uidValidity: number
  readonly uidNext: number
  readonly highestModseq: number
  /** UIDs and flags. */
  readonly entries: readonly (readonly [uid: number, flags: string])[]
  /** What changed and what vanished since a mod-sequence that was asked for. */
  readonly since: { readonly changed: readonly number[]; readonly vanished: string } | null
}

/** Everything that a store shows; JSON, so that it can come from another process. */
export type Look = {
  readonly seen: readonly (readonly [key: string, value: string])[]
  readonly mailboxes: readonly MailboxSight[]
  /** By entry: what never changes. */
  readonly dates: readonly (readonly [key: string, dates: string])[]
  /** How many messages there are, each counted once. */
  readonly messages: number
}

/** The accounts that the load has to do with. */
export const logins = ['', 'ann@example.org', 'bob@example.org'] as const

/** Looks at everything, each message read. `since` has mod-sequences by place. */
export const look = async (
  store: MailStore,
  since: Readonly<Record<string, number>> = {},
): Promise<Look> => {
  const seen: [string, string][] = []
  const mailboxes: MailboxSight[] = []
  const dates: [string, string][] = []
  const shas = new Map<number, string>()
  for (const login of logins) {
    const account = store.mailboxes.open(login)
    try {
      for (const name of account.subscriptions) seen.push([`subscribed ${login}/${name}`, 'yes'])
      for (const mailbox of account.mailboxes()) {
        const { number, name, uidValidity, specialUse } = mailbox
        const place = `${login}/${number}`
        seen.push([`mailbox ${login}/${name}`, `${number} ${uidValidity} ${specialUse}`])
        mailboxes.push(figures(mailbox, place, since[place]))
        for (const entry of [...mailbox.entries.ascending()]) {
          const sha = shas.get(entry.message.id) ?? (await read(store, mailbox, entry))
          if (sha === null) continue
          shas.set(entry.message.id, sha)
          const key = entryKey(place, entry.number)
          const raw = place === catchAllInbox ? await readRaw(store, entry) : ''
          if (raw === null) continue
          seen.push([key, writeSight(sightOf(entry, sha, raw, login))])
          dates.push([key, `${entry.internalDate} ${entry.savedAt} ${entry.message.receivedAt}`])
        }
      }
    } finally {
      store.mailboxes.close(account)
    }
  }
  return { seen, mailboxes, dates, messages: shas.size }
}

const figures = (mailbox: Mailbox, place: string, since: number | undefined): MailboxSight => ({
  place,
  uidValidity: mailbox.uidValidity,
  uidNext: mailbox.uidNext,
  highestModseq: mailbox.highestModseq,
  entries: [...mailbox.entries.ascending()].map(({ number, flags }) => [number, flags.join(' ')]),
  since:
    since === undefined
      ? null
      : {
          changed: mailbox.changedSince(since).map(({ number }) => number),
          vanished: mailbox.vanishedSince(since),
        },
})

const sightOf = (entry: Entry, sha: string, raw: string, login: string): Sight => {
  const { message, flags, tags, internalDate } = entry
  return {
    sha,
    raw,
    rcptTo: message.rcptTo,
    flags,
    tags: login === '' ? tags : [],
    date: internalDate === message.receivedAt ? null : internalDate,
  }
}

/** The same of the octets as they were sent. */
const readRaw = async (store: MailStore, { number }: Entry): Promise<string | null> => {
  const raw = await store.rawBytes(number).catch(error => {
    if (store.entry(number)) throw error
  })
  return raw ? shaOf(raw) : null
}

/** The sum of a message; null where retention was faster. */
const read = async (store: MailStore, mailbox: Mailbox, entry: Entry): Promise<string | null> => {
  try {
    return shaOf(await store.canonicalBytes(entry.message))
  } catch (error) {
    if (mailbox.entries.get(entry.number)) throw error
    return null
  }
}
