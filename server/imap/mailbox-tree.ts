import type { Account } from '../store/account.ts'
import type { Mailbox } from '../store/mailbox.ts'
import { namesAbove } from '../store/mailbox-name.ts'
import type { Output } from './output.ts'
import { sortInSteps } from './sort-in-steps.ts'

/** A name that LIST may tell of. */
export type MailboxName = {
  readonly name: string
  /** Null where there is none of that name: it is above others, or subscribed to. */
  readonly mailbox: Mailbox | null
  readonly hasChildren: boolean
  readonly isSubscribed: boolean
}

type Options = {
  readonly hasSubscribed: boolean
  /** Lets others have their turn meanwhile: there may be hundreds of thousands of names. */
  readonly output: Pick<Output, 'mustPauseNow' | 'pause'>
}

/**
 * The names of an account: its mailboxes and the names above them and, on request, those that are subscribed to, with
 * the names above these. INBOX is the first, the others are in the order of their names.
 */
export async function mailboxTree(
  account: Account,
  { hasSubscribed, output }: Options,
): Promise<readonly MailboxName[]> {
  const mailboxes = account.mailboxes()
  const parents = await allAbove(
    mailboxes.map(({ name }) => name),
    output,
  )
  const missing = new Set([...parents].filter(name => !account.mailbox(name)))
  if (hasSubscribed) {
    for (const names of [await allAbove(account.subscriptions, output), account.subscriptions]) {
      for (const name of names) {
        if (output.mustPauseNow) await output.pause()
        if (!account.mailbox(name)) missing.add(name)
      }
    }
  }
  const tree = mailboxes.map(mailbox => toName(mailbox, account, parents.has(mailbox.name)))
  if (missing.size === 0) return tree
  for (const name of missing) {
    if (output.mustPauseNow) await output.pause()
    const isSubscribed = account.subscriptions.has(name)
    tree.push({ name, mailbox: null, hasChildren: parents.has(name), isSubscribed })
  }
  return sortInSteps(tree, inOrder, {
    get isDue() {
      return output.mustPauseNow
    },
    rest: () => output.pause(),
  })
}

/** The names above any of these. */
export async function allAbove(
  names: Iterable<string>,
  output: Options['output'],
): Promise<ReadonlySet<string>> {
  const above = new Set<string>()
  for (const name of names) {
    if (output.mustPauseNow) await output.pause()
    for (const each of namesAbove(name)) above.add(each)
  }
  return above
}

/** A mailbox among the names of its account. */
export const mailboxName = (mailbox: Mailbox): MailboxName =>
  toName(mailbox, mailbox.account, mailbox.account.below(mailbox.name).length > 0)

const toName = (mailbox: Mailbox, account: Account, hasChildren: boolean): MailboxName => ({
  name: mailbox.name,
  mailbox,
  hasChildren,
  isSubscribed: account.subscriptions.has(mailbox.name),
})

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
