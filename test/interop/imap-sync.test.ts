import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { accountOf, startMailServer } from '../helpers/mail-server.ts'
import { isMissing } from '../helpers/program.ts'
import {
  addLocally,
  localInShort,
  localTexts,
  removeLocally,
  setFlags,
  withoutMark,
} from './clients/maildir.ts'
import { mbsync } from './clients/mbsync.ts'
import { offlineimap } from './clients/offlineimap.ts'
import { ImapLine } from './imap-line.ts'
import { inShort, readMailboxes } from './mailboxes.ts'

const mail = (subject: string, body = 'Hello\r\n') =>
  Buffer.from(
    `From: Ann <ann@example.com>\r\nTo: bob@example.org\r\nSubject: ${subject}\r\n` +
      `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n\r\n${body}`,
    'latin1',
  )

const local = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n')

test('IMAP clients that keep a copy of everything', async t => {
  const server = await startMailServer(t)
  for (const client of [mbsync, offlineimap]) {
    for (const tls of ['none', 'starttls', 'implicit'] as const) {
      await t.test(`${client.name}, TLS ${tls}: both ways`, async t => {
        if (isMissing(t, ...client.programs)) return
        const user = `${client.name}-${tls}@example.org`
        const account = accountOf(t, server, 'imap', tls, user)
        const folder = (name: string) => join(account.home, 'mail', name)
        const ask = async (...commands: string[]) => {
          const imap = await ImapLine.login(server.ports.imap, user, server.password)
          for (const command of commands) {
            const { tagged } = await imap.ask(command)
            assert.match(tagged, /^OK/, command)
          }
          imap.destroy()
        }

        const first = [
          mail('a'),
          mail('b', `${'.'.repeat(200)}\r\nGr\xfc\xdfe\r\n`),
          mail('c', 'x'.repeat(76).concat('\r\n').repeat(2000)),
          mail('d', ''),
        ]
        await server.deliver(user, first)
        await client.sync(account)
        assert.deepEqual(await localTexts(folder('INBOX')), first.map(local).toSorted(), 'down')

        await setFlags(folder('INBOX'), 'a', 'FS')
        await removeLocally(folder('INBOX'), 'b')
        await addLocally(folder('INBOX'), local(mail('up', 'From here\r\n')), 'S')
        await addLocally(folder('Work'), local(mail('work')), 'RS')
        await ask('SELECT INBOX', 'STORE 4 +FLAGS (\\Flagged \\Answered)')
        await ask('CREATE Far', 'APPEND Far (\\Seen) ⟨Subject: far\r\n\r\nFar\r\n⟩')
        await server.deliver(user, [mail('e')])
        await client.sync(account)
        // What was made on one side in the first round may need a second one.
        await client.sync(account)

        const after = await readMailboxes(server, user)
        const wanted = {
          INBOX: ['a \\Flagged \\Seen', 'c', 'd \\Answered \\Flagged', 'e', 'up \\Seen'],
          Work: ['work \\Answered \\Seen'],
          Far: ['far \\Seen'],
        }
        for (const [name, mails] of Object.entries(wanted)) {
          assert.deepEqual(inShort(after.get(name)).toSorted(), mails, `${name} on the server`)
          assert.deepEqual(await localInShort(folder(name)), mails, `${name} here`)
        }
        const up = after.get('INBOX')?.find(({ subject }) => subject === 'up')
        assert.equal(withoutMark(up?.text ?? ''), mail('up', 'From here\r\n').toString())

        await ask(
          'SELECT INBOX',
          'STORE 1 -FLAGS (\\Flagged)',
          'STORE 2 +FLAGS (\\Deleted)',
          'EXPUNGE',
        )
        await removeLocally(folder('INBOX'), 'e')
        await client.sync(account)
        const last = ['a \\Seen', 'd \\Answered \\Flagged', 'up \\Seen']
        assert.deepEqual(await localInShort(folder('INBOX')), last, 'expunged and unflagged here')
        const mailboxes = await readMailboxes(server, user)
        assert.deepEqual(inShort(mailboxes.get('INBOX')).toSorted(), last, 'expunged there')
      })
    }
  }
})
