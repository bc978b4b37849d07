import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import nodemailer from 'nodemailer'
import { startMailcatch } from '../../server/mailcatch.ts'
import type { Account, Tls } from '../interop/clients/account.ts'
import { makeCertificates } from './certificates.ts'
import { startDovecot } from './dovecot.ts'

export type MailPorts = {
  readonly pop3: number
  readonly pop3s: number
  readonly imap: number
  readonly imaps: number
}

/** A server whose mail clients read: Mailcatch, or the reference that it is held against. */
export type MailServer = AsyncDisposable & {
  readonly name: 'mailcatch' | 'dovecot'
  readonly ports: MailPorts
  /** The certificate that clients are to trust. */
  readonly caFile: string
  /** Any name with an `@` is an account of its own, and this its password. */
  readonly password: string
  /** Puts messages into the INBOX of a user, octet for octet, in this order. */
  deliver(user: string, messages: readonly Uint8Array[]): Promise<void>
  /** Sends a message as an app does: by SMTP, where the server has it. */
  send(user: string, message: Uint8Array): Promise<void>
  /** What the server logged, for the message of an error. */
  log(): string
  close(): Promise<void>
}

/**
 * The server under test until the test ends: Mailcatch, or what `MAILCATCH_TEST_SERVER` says. A run against `dovecot`
 * shows that the drivers of the clients are right.
 */
export async function startMailServer(t: Pick<TestContext, 'after'>): Promise<MailServer> {
  const name = process.env.MAILCATCH_TEST_SERVER ?? 'mailcatch'
  if (name !== 'mailcatch' && name !== 'dovecot') {
    throw new Error(`MAILCATCH_TEST_SERVER: ${name} is neither mailcatch nor dovecot`)
  }
  const server = await (name === 'dovecot' ? startDovecot() : startCatcher())
  t.after(() => server.close())
  return server
}

/** What a client needs to know of the server to be that user, with a home that is removed at the end of the test. */
export function accountOf(
  t: TestContext,
  { ports, password, caFile }: MailServer,
  protocol: 'pop3' | 'imap',
  tls: Tls,
  user: string,
): Account {
  const home = mkdtempSync(join(tmpdir(), 'mailcatch-client-'))
  t.after(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }))
  const port = ports[tls === 'implicit' ? (`${protocol}s` as const) : protocol]
  return { host: 'localhost', port, tls, user, password, caFile, home }
}

/** Mailcatch in this process, with its store in memory, on free ports. */
export async function startCatcher(): Promise<MailServer> {
  const certificates = await makeCertificates()
  const { server } = certificates
  const mailcatch = await startMailcatch({
    ...{ pop3Port: 0, pop3sPort: 0, imapPort: 0, imapsPort: 0 },
    ...{ tlsCert: server, tlsKey: server, memory: true },
  })
  const { pop3, pop3s, imap, imaps } = mailcatch.ports
  const close = async () => {
    await mailcatch.close()
    certificates.remove()
  }
  return {
    name: 'mailcatch',
    ports: { pop3: pop3 ?? 0, pop3s: pop3s ?? 0, imap: imap ?? 0, imaps: imaps ?? 0 },
    caFile: certificates.ca,
    password: 'any will do',
    log: () => '',
    async deliver(user, messages) {
      for (const message of messages) {
        const query = new URLSearchParams({ rcpt: user, mailFrom: 'sender@example.net' })
        const answer = await fetch(`${mailcatch.url}v1/messages?${query}`, {
          method: 'POST',
          headers: { 'content-type': 'message/rfc822' },
          body: Buffer.from(message),
        })
        if (answer.status !== 201) throw new Error(`${answer.status}: ${await answer.text()}`)
      }
    },
    async send(user, message) {
      const transport = nodemailer.createTransport({
        host: '127.0.0.1',
        port: mailcatch.ports.smtp ?? 0,
        ignoreTLS: true,
      })
      const envelope = { from: 'sender@example.net', to: user }
      await transport.sendMail({ envelope, raw: Buffer.from(message) })
      transport.close()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
