import { test } from 'node:test'
import { accountOf, startMailServer } from '../helpers/mail-server.ts'
import { isMissing } from '../helpers/program.ts'
import { driveImaplib } from './clients/imaplib.ts'

const header = (subject: string, more = '') =>
  `From: Ann <ann@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: ${subject}\r\n` +
  `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n` +
  `MIME-Version: 1.0\r\n${more}\r\n`

const MESSAGES = [
  `${header('one', 'Content-Type: text/plain\r\n')}Hello Bob\r\n.\r\nDots\r\n`,
  `${header('two', 'Content-Type: multipart/mixed; boundary=b\r\n')}--b\r
Content-Type: text/plain; charset=utf-8\r
\r
With an attachment\r
--b\r
Content-Type: application/octet-stream\r
Content-Transfer-Encoding: base64\r
Content-Disposition: attachment; filename=data.bin\r
\r
AAECAw==\r
--b--\r
`,
  `${header('three', 'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n')}Viele Gr=C3=BC=C3=9Fe\r\n`,
].map(text => Buffer.from(text))

test('IMAP clients', async t => {
  const server = await startMailServer(t)
  for (const tls of ['none', 'starttls', 'implicit'] as const) {
    await t.test(`Python imaplib, TLS ${tls}: every command`, async t => {
      if (isMissing(t, 'python3')) return
      const account = accountOf(t, server, 'imap', tls, `imaplib-${tls}@example.org`)
      await server.deliver(account.user, MESSAGES)
      await driveImaplib(account)
    })
  }
})
