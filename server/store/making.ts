import { type Account, firstOwnMailbox } from './account.ts'
import { namesAbove } from './mailbox-name.ts'
import type { Operation } from './operation.ts'
import type { State } from './state.ts'
import { MailboxError } from './store-error.ts'

/** Mailboxes of an account. */
const limit = 20_000

/** What stores an account that has been open only, with its mailboxes. */
export const storing = (account: Account): Operation[] => {
  const { number, name, inbox } = account
  return [
    { op: 'account', account: number, name, nextMailbox: firstOwnMailbox },
    ...account.mailboxes().map(
      ({ number: mailbox, name, uidValidity, specialUse }): Operation => ({
        op: 'mailbox',
        account: number,
        mailbox,
        name,
        uidValidity,
        ...(specialUse !== null && { specialUse }),
      }),
    ),
    { op: 'next', at: inbox.place, uid: inbox.uidNext },
  ]
}

/** What makes a mailbox, the last of these, and those above it that there are not. Throws `limit`. */
export const making = (
  state: State,
  account: Account,
  name: string,
  specialUse: string | null,
): Operation[] => [
  ...makingAbove(state, account, name, 1),
  makingOne(state, account, name, specialUse),
]

/** What makes the mailboxes above a name that there are not. Throws `limit` where these and `more` are too many. */
export const makingAbove = (
  state: State,
  account: Account,
  name: string,
  more = 0,
): Operation[] => {
  const missing = namesAbove(name).filter(above => !account.mailbox(above))
  if (account.size + missing.length + more > limit) {
    throw new MailboxError('limit', `at most ${limit} mailboxes`)
  }
  return missing.map(above => makingOne(state, account, above, null))
}

/** A name that was used before gets a greater UIDVALIDITY than it had (RFC 9051 §6.3.4). */
const makingOne = (
  state: State,
  account: Account,
  name: string,
  specialUse: string | null,
): Operation => {
  const uidValidity = Math.max(state.lastUidValidity + 1, Math.floor(Date.now() / 1_000))
  state.lastUidValidity = uidValidity
  return {
    op: 'mailbox',
    account: account.number,
    mailbox: account.nextMailbox++,
    name,
    uidValidity,
    ...(specialUse !== null && { specialUse }),
  }
}
