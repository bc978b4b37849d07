import type { Content } from '../../server/mime/content.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { readerHere } from '../helpers/reader-here.ts'

/** Octets of a message, so that some are over it. */
export const MAX_MESSAGE = 4_096

/** What is in the INBOX at first: everything that a mail protocol may have to put in other words. */
export const SEED: readonly Buffer[] = [
  'From: "A. App" <app@example.com>\r\nTo: ann@example.com\r\nSubject: hello\r\nDate: Wed, 01 Jan 2025 00:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n\r\nThe first.\r\n',
  '.\r\n..\r\n.dots\r\n\r\n.\r\n..\r\nno end of line',
  'Subject: =?utf-8?q?caf=C3=A9?= "\\\r\nTo: undisclosed-recipients:;\r\nReferences: <1@example.com>\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\npreamble\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C3=A9=\r\n\r\n--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename="in\\"ner"\r\n\r\nSubject: inner\r\n\r\n.inner\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECAwQF\r\n--b--\r\n',
  'bare\nline\nends\n.\n..\n\rSubject: late\n',
  'Subject: \xe9\xff raw \x01\r\nX: \0\r\n\r\n\0\x80\xff\r\n',
].map(text => Buffer.from(text, 'latin1'))

/** So many executions can have the seed for themselves before a new store is opened. */
const ACCOUNTS = 10_000

/**
 * A store in memory that has the seed in the INBOX of each of many addresses, which are accounts of their own: what one
 * execution does there no other sees. Whoever logs in gets the one whose turn it is. Opening one costs more than an
 * execution.
 */
export class SeededStore {
  readonly store: MailStore
  #account = 0

  private constructor(store: MailStore) {
    this.store = store
    const { mailboxes } = store
    const open = mailboxes.open.bind(mailboxes)
    mailboxes.open = name => {
      // It may be none that opens anything.
      if (name !== 'ann') mailboxes.close(open(name))
      return open(this.address)
    }
  }

  static async open(): Promise<SeededStore> {
    const store = await openEmpty()
    const rcptTo = Array.from({ length: ACCOUNTS }, (_, account) => addressOf(account))
    for (const message of SEED) {
      const arrival = store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'smtp' })
      await arrival.write(message)
      const { number } = await arrival.commit()
      await store.content(number)
    }
    return new SeededStore(store)
  }

  get address(): string {
    return addressOf(this.#account)
  }

  /** The store for the next execution: this one with another account, or a new one. */
  async next(): Promise<SeededStore> {
    this.#account++
    if (this.#account < ACCOUNTS) return this
    await this.store.close()
    return SeededStore.open()
  }
}

const addressOf = (account: number): string => `ann${10_000 + account}@example.com`

/** Reading is a matter of other targets: what has been read once is not read again. */
export function openEmpty(): Promise<MailStore> {
  const reader = readerHere()
  return MailStore.open({
    directory: null,
    // For all accounts together: what one execution keeps must be no limit to the next.
    maxMessages: 10_000_000,
    maxBytes: 1024 ** 4,
    maxAge: null,
    keepFlagged: false,
    maxMessageSize: MAX_MESSAGE,
    fsync: false,
    log: line => {
      throw new Error(`the store says: ${line}`)
    },
    reader: {
      ...reader,
      read: async source => {
        if (!('bytes' in source)) return reader.read(source)
        const key = Buffer.from(source.bytes).toString('latin1')
        const content = known.get(key) ?? (await reader.read(source))
        if (known.size > 100) known.clear()
        known.set(key, content)
        return content
      },
    },
  })
}

const known = new Map<string, Content>()
