import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { accountOf, startMailServer } from '../helpers/mail-server.ts'
import { isMissing } from '../helpers/program.ts'
import type { Pop3Client } from './clients/account.ts'
import { curl } from './clients/curl-pop3.ts'
import { fetchmail } from './clients/fetchmail.ts'
import { getmail } from './clients/getmail.ts'
import { mpop } from './clients/mpop.ts'
import { nodePop3 } from './clients/node-pop3.ts'
import { poplib } from './clients/poplib.ts'

const CLIENTS: readonly Pop3Client[] = [fetchmail, getmail, mpop, curl, poplib, nodePop3]

const header = (subject: string, more = '') =>
  `From: Ann <ann@example.com>\r\nTo: bob@example.org\r\nSubject: ${subject}\r\n` +
  `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n${more}\r\n`

const MESSAGES = [
  `${header('plain')}Hello\r\n`,
  `${header('dots')}.\r\n..\r\n...\r\n.x\r\n\r\n.\r\n`,
  `${header('empty-lines')}\r\n\r\n\r\n`,
  `${header('no-body')}`,
  `${header('eight-bit', 'Content-Type: text/plain; charset=iso-8859-1\r\n')}Gr\xfc\xdfe \xa0\xff\x80\r\n`,
  `${header('long-lines')}${'x'.repeat(900)}\r\n${'.'.repeat(900)}\r\n`,
  `${header('large')}${`.${'0123456789abcdef'.repeat(4)}\r\n`.repeat(20_000)}`,
  `${header('bait')}-ERR no\r\n+OK\r\n.QUIT\r\nQUIT\r\n`,
].map(text => Buffer.from(text, 'latin1'))

const LATE = Buffer.from(`${header('late')}It came later.\r\n`)

/** Clients keep mail with the line ends of this machine. A long one is shown by its digest. */
function text(bytes: Uint8Array): string {
  const whole = Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n')
  if (whole.length < 5000) return whole
  return `${whole.slice(0, 100)}… ${createHash('sha256').update(whole).digest('hex')}`
}

test('POP3 clients', async t => {
  const server = await startMailServer(t)
  for (const client of CLIENTS) {
    for (const tls of client.tls) {
      const title = `${client.name}, TLS ${tls}: fetches every octet, leaves it, takes it away`
      await t.test(title, async t => {
        if (isMissing(t, ...client.programs)) return
        const user = `${client.name.replace(' ', '-')}-${tls}@example.org`.toLowerCase()
        const account = accountOf(t, server, 'pop3', tls, user)
        const fetch = async (removes: boolean) => (await client.fetch(account, removes)).map(text)

        assert.deepEqual(await fetch(false), [], 'an empty maildrop')
        await server.deliver(user, MESSAGES)
        assert.deepEqual(await fetch(false), MESSAGES.map(text), 'each message, left there')
        await server.deliver(user, [LATE])
        const all = [...MESSAGES, LATE].map(text)
        assert.deepEqual(await fetch(false), client.remembers ? [text(LATE)] : all, 'what is new')
        await fetch(true)
        assert.deepEqual(await poplib.fetch(account, false), [], 'taken away')
      })
    }
  }
})
