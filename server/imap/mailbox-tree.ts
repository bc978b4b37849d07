import type { Account } from '../store/account.ts'
import type { Mailbox } from '../store/mailbox.ts'
import { namesAbove } from '../store/mailbox-name.ts'

/** A name that LIST may tell of. */
export type MailboxName = {
  readonly name: string
  /** Null where there is none of that name: it is above others, or subscribed to. */
  readonly mailbox: Mailbox | null
  readonly hasChildren: boolean
  readonly isSubscribed: boolean
}

/**
 * The names of an account: its mailboxes and the names above them and, on request, those that are subscribed to, with
 * the names above these. INBOX is the first, the others are in the order of their names.
 */
export function mailboxTree(
  account: Account,
  { hasSubscribed }: { readonly hasSubscribed: boolean },
): readonly MailboxName[] {
  const parents = new Set<string>()
  for (const { name } of account.mailboxes())
    for (const above of namesAbove(name)) parents.add(above)
  const missing = new Set([...parents].filter(name => !account.mailbox(name)))
  if (hasSubscribed) {
    for (const name of account.subscriptions) {
      for (const wanted of [...namesAbove(name), name]) {
        if (!account.mailbox(wanted)) missing.add(wanted)
      }
    }
  }
  const toName = (name: string, mailbox: Mailbox | null): MailboxName => ({
    name,
    mailbox,
    hasChildren: parents.has(name),
    isSubscribed: account.subscriptions.has(name),
  })
  const there = account.mailboxes().map(mailbox => toName(mailbox.name, mailbox))
  if (missing.size === 0) return there
  return [...there, ...[...missing].map(name => toName(name, null))].sort(inOrder)
}

const inOrder = (a: MailboxName, b: MailboxName): number => {
  if (a.name === 'INBOX' || b.name === 'INBOX') return a.name === 'INBOX' ? -1 : 1
  return a.name < b.name ? -1 : 1
}

/** What RFC 9051 §7.3.1 calls the mailbox attributes. */
export function attributesOf({ mailbox, hasChildren }: MailboxName): string[] {
  // A client of IMAP4rev1 knows only the second of them.
  const attributes = mailbox ? [] : ['\\NonExistent', '\\Noselect']
  attributes.push(hasChildren ? '\\HasChildren' : '\\HasNoChildren')
  if (mailbox?.specialUse) attributes.push(mailbox.specialUse)
  return attributes
}
