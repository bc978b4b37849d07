import type { Account } from '../../server/store/account.ts'
import type { Arrival, EntryPatch, MailStore } from '../../server/store/mail-store.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import type { Copied, FlagChange } from '../../server/store/mailboxes.ts'
import type { Entry } from '../../server/store/message.ts'
import { MailboxError } from '../../server/store/store-error.ts'

/** A mailbox by the account's login and its name. */
export type At = readonly [login: string, name: string]

/** What arrives, and what is done to it by the API. Whatever resolves was acknowledged. */
export type InboxTarget = {
  /** Resolves with the number. */
  deliver(raw: Buffer, rcptTo: readonly string[]): Promise<number>
  /** Begins a message and does not end it. */
  abandon(raw: Buffer): Promise<void>
  update(ids: readonly number[], patch: EntryPatch): Promise<void>
  remove(ids: readonly number[]): Promise<void>
}

/** What mail clients do. JSON in and out, so that it can be asked of another process. */
export type MailboxTarget = {
  /** Resolves with the mailbox as `look` shows it. */
  create(at: At): Promise<string>
  delete(at: At): Promise<void>
  rename(at: At, name: string): Promise<void>
  subscribe(at: At, isSubscribed: boolean): Promise<void>
  /** `raw` is Latin-1. Resolves with the number. */
  append(at: At, raw: string, flags: readonly string[], date: number): Promise<number>
  copy(at: At, uids: readonly number[], name: string): Promise<Copied>
  move(at: At, uids: readonly number[], name: string): Promise<Copied>
  setFlags(at: At, uids: readonly number[], change: FlagChange): Promise<readonly number[]>
  expunge(at: At, uids: readonly number[]): Promise<readonly number[]>
}

export type Target = InboxTarget & Partial<MailboxTarget>

/** A store in this process. */
export const storeTarget = (store: MailStore): InboxTarget & MailboxTarget => {
  const write = async (arrival: Arrival<Entry>, raw: Buffer): Promise<Arrival<Entry>> => {
    try {
      for (let at = 0; at < raw.length; at += 60_000) {
        await arrival.write(raw.subarray(at, at + 60_000))
      }
    } catch (error) {
      await arrival.abort()
      throw error
    }
    return arrival
  }
  const begin = (raw: Buffer, rcptTo: readonly string[]) =>
    write(
      store.receive({ envelope: { mailFrom: 'app@example.com', rcptTo }, listener: 'smtp' }),
      raw,
    )
  const within = async <T>(login: string, use: (account: Account) => Promise<T>): Promise<T> => {
    const account = store.mailboxes.open(login)
    try {
      return await use(account)
    } finally {
      store.mailboxes.close(account)
    }
  }
  const inside = <T>(
    [login, name]: At,
    use: (mailbox: Mailbox, account: Account) => Promise<T>,
  ): Promise<T> =>
    within(login, account => {
      const mailbox = account.mailbox(name)
      if (!mailbox) throw new MailboxError('nonexistent', `there is no ${name}`)
      return use(mailbox, account)
    })
  const other = (account: Account, name: string): Mailbox => {
    const mailbox = account.mailbox(name)
    if (!mailbox) throw new MailboxError('nonexistent', `there is no ${name}`)
    return mailbox
  }
  const { mailboxes } = store
  return {
    deliver: async (raw, rcptTo) => (await (await begin(raw, rcptTo)).commit()).number,
    abandon: async raw => (await begin(raw, ['ann@example.org'])).abort(),
    update: async (ids, patch) => {
      await store.update(ids, patch)
    },
    remove: async ids => {
      await store.remove(ids)
    },
    create: ([login, name]) =>
      within(login, async account => {
        const { number, uidValidity, specialUse } = await mailboxes.create(account, name)
        return `${number} ${uidValidity} ${specialUse}`
      }),
    delete: at => inside(at, mailbox => mailboxes.delete(mailbox)),
    rename: (at, name) => inside(at, mailbox => mailboxes.rename(mailbox, name)),
    subscribe: ([login, name], isSubscribed) =>
      within(login, account => mailboxes.subscribe(account, name, isSubscribed)),
    append: (at, raw, flags, internalDate) =>
      inside(at, async mailbox => {
        const arrival = await store.append(mailbox, { flags, internalDate, listener: 'imap' })
        return (await (await write(arrival, Buffer.from(raw, 'latin1'))).commit()).number
      }),
    copy: (at, uids, name) =>
      inside(at, (mailbox, account) => mailboxes.copy(mailbox, uids, other(account, name))),
    move: (at, uids, name) =>
      inside(at, (mailbox, account) => mailboxes.move(mailbox, uids, other(account, name))),
    setFlags: (at, uids, change) =>
      inside(at, async mailbox => (await mailboxes.setFlags(mailbox, uids, change)).changed),
    expunge: (at, uids) => inside(at, mailbox => mailboxes.expunge(mailbox, uids)),
  }
}
