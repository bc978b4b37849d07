import type { MailServer } from '../helpers/mail-server.ts'
import { ImapLine } from './imap-line.ts'
import { pairsOf, readValues, type Value } from './imap-value.ts'

export type Message = {
  /** Sorted, without \Recent. */
  readonly flags: readonly string[]
  readonly subject: string
  /** One character an octet. */
  readonly text: string
}

/** What lies on the server, mailbox by mailbox, as plain IMAP tells it. */
export async function readMailboxes(
  server: MailServer,
  user: string,
): Promise<ReadonlyMap<string, readonly Message[]>> {
  const imap = await ImapLine.login(server.ports.imap, user, server.password)
  try {
    const mailboxes = new Map<string, readonly Message[]>()
    for (const response of (await imap.ask('LIST "" *')).untagged) {
      const name = String(readValues(response)[3])
      await imap.ask(`EXAMINE "${name}"`)
      const { untagged } = await imap.ask('FETCH 1:* (FLAGS BODY.PEEK[])')
      mailboxes.set(name, untagged.flatMap(readMessage))
    }
    return mailboxes
  } finally {
    imap.destroy()
  }
}

function readMessage(response: string): readonly Message[] {
  const [, word, items] = readValues(response)
  if (word !== 'FETCH' || !Array.isArray(items)) return []
  const pairs = pairsOf(items as readonly Value[])
  const text = String(pairs.get('BODY[]'))
  const flags = (pairs.get('FLAGS') as readonly string[]).filter(flag => flag !== '\\Recent')
  return [{ flags: flags.toSorted(), subject: /^Subject: (.*?)\r?$/im.exec(text)?.[1] ?? '', text }]
}

/** A mailbox in short: subject and flags of each message. */
export const inShort = (messages: readonly Message[] | undefined): readonly string[] =>
  (messages ?? []).map(({ subject, flags }) => [subject, ...flags].join(' '))
