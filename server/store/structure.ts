import type { Account } from './account.ts'
import type { Change } from './changes.ts'
import { addressOfInbox, inboxOfAddress } from './inbox.ts'
import { Mailbox } from './mailbox.ts'
import type { Message } from './message.ts'
import type { Operation } from './operation.ts'
import type { State } from './state.ts'

/** What operations on accounts and mailboxes came to. */
export type StructureEffects = { readonly changes: Change[]; readonly free: Message[] }

/**
 * Applies those operations of a transaction that make, rename and end mailboxes: the same live and at replay.
 * `isNews` says whether what is known of an account is older than the transaction.
 */
export const applyStructure = (
  ops: readonly Operation[],
  state: State,
  modseq: number,
  isNews: (account: number) => boolean = () => true,
): StructureEffects => {
  const effects: StructureEffects = { changes: [], free: [] }
  for (const op of ops) {
    // Also of a mailbox that a newer checkpoint does not have any more: it was given out.
    if ((op.op === 'reserve' || op.op === 'mailbox') && op.uidValidity !== undefined) {
      state.lastUidValidity = Math.max(state.lastUidValidity, op.uidValidity)
    }
    if (op.op === 'inbox') state.inboxes.add(op.inbox)
    if (op.op === 'end-inbox') endInbox(op.id, state, effects)
    if (!('account' in op) || !isNews(op.account)) continue
    // What a client asked for while its inbox ended.
    if (op.op === 'account' && isOfNoInbox(op.name, state)) continue
    const account =
      op.op === 'account' ? state.restore(op.account, op.name) : state.account(op.account)
    if (!account) continue
    applyTo(account, op, state, modseq, effects)
    state.touchAccount(account)
  }
  return effects
}

type StructureOperation = Extract<Operation, { account: number }>

const isOfNoInbox = (name: string, { inboxes }: State): boolean => {
  const id = inboxOfAddress(name)
  return id !== null && !inboxes.get(id)
}

/** An inbox goes with its account, and with what is in that. */
const endInbox = (id: string, state: State, { changes, free }: StructureEffects): void => {
  state.inboxes.remove(id)
  const account = state.named(addressOfInbox(id))
  if (!account) return
  for (const mailbox of [...account.mailboxes()]) {
    const { number: at, name } = mailbox
    for (const message of state.removeMailbox(mailbox)) free.push(message)
    changes.push({ type: 'mailbox.deleted', account: account.number, mailbox: at, name })
  }
  state.endAccount(account)
}

const applyTo = (
  account: Account,
  op: StructureOperation,
  state: State,
  modseq: number,
  { changes, free }: StructureEffects,
): void => {
  const number = account.number
  switch (op.op) {
    case 'account':
      account.isKept = true
      account.nextMailbox = Math.max(account.nextMailbox, op.nextMailbox)
      return
    case 'mailbox': {
      // Two sessions may have asked for the same name in the same moment.
      if (account.numbered(op.mailbox) || account.mailbox(op.name)) return
      const { uidValidity, specialUse = null, name } = op
      const identity = { account, number: op.mailbox, uidValidity, specialUse }
      account.add(new Mailbox(identity, name, modseq))
      changes.push({ type: 'mailbox.created', account: number, mailbox: op.mailbox, name })
      return
    }
    case 'rename': {
      const names = op.names.flatMap(([at, name]) => {
        const mailbox = account.numbered(at)
        return mailbox && mailbox.name !== name ? [[mailbox, name] as const] : []
      })
      const moving = new Set(names.map(([mailbox]) => mailbox))
      const isTaken = names.some(([, name]) => {
        const other = account.mailbox(name)
        return other && !moving.has(other)
      })
      if (isTaken) return
      for (const [mailbox, name] of names) {
        const oldName = mailbox.name
        changes.push({
          type: 'mailbox.renamed',
          account: number,
          mailbox: mailbox.number,
          name,
          oldName,
        })
      }
      account.rename(names)
      return
    }
    case 'delete': {
      const mailbox = account.numbered(op.mailbox)
      if (!mailbox) return
      const { name } = mailbox
      for (const message of state.removeMailbox(mailbox)) free.push(message)
      changes.push({ type: 'mailbox.deleted', account: number, mailbox: op.mailbox, name })
      return
    }
    case 'subscribe':
      for (const name of op.names) {
        if (account.subscriptions.has(name) === op.isSubscribed) continue
        if (op.isSubscribed) account.subscriptions.add(name)
        else account.subscriptions.delete(name)
        const { isSubscribed } = op
        changes.push({ type: 'mailbox.subscribed', account: number, name, isSubscribed })
      }
  }
}
