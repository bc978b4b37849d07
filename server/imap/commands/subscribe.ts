/**
 * SUBSCRIBE and UNSUBSCRIBE keep the list of names that the user wants to see (RFC 9051 §6.3.7, §6.3.8).
 *
 * subscribe = ("SUBSCRIBE" / "UNSUBSCRIBE") SP mailbox
 */
import type { Authenticated, Call, Selected } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'

export type SubscribeArguments = { readonly mailbox: string }

export function parseSubscribe(parser: Parser): SubscribeArguments {
  parser.space()
  return { mailbox: parser.mailbox() }
}

type Run = (call: Call<Authenticated | Selected>, args: SubscribeArguments) => Promise<undefined>

const runWith =
  (isSubscribed: boolean): Run =>
  async ({ session, state }, { mailbox }) => {
    await session.options.store.mailboxes.subscribe(state.account, mailbox, isSubscribed)
    return undefined
  }

/** The name need not be that of a mailbox (RFC 9051 §6.3.7). */
export const runSubscribe = runWith(true)
export const runUnsubscribe = runWith(false)
