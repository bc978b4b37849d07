import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountOf, startMailServer } from '../helpers/mail-server.ts'
import { isMissing } from '../helpers/program.ts'
import { openMutt } from './clients/mutt.ts'
import { inShort, readMailboxes } from './mailboxes.ts'

const note = (subject: string, body: string) =>
  Buffer.from(
    `From: Ann <ann@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: ${subject}\r\n` +
      `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\n\r\n${body}`,
  )

const NOTES = ['one', 'two', 'three', 'four'].map(name =>
  note(name, `The body of ${name}: Grüße\r\n`),
)

test('mutt and neomutt', async t => {
  const server = await startMailServer(t)
  for (const program of ['mutt', 'neomutt'] as const) {
    for (const tls of ['none', 'starttls', 'implicit'] as const) {
      await t.test(`${program}, TLS ${tls}: by hand`, async t => {
        if (isMissing(t, program, 'tmux')) return
        const account = accountOf(t, server, 'imap', tls, `${program}-${tls}@example.org`)
        await server.deliver(account.user, NOTES)
        await using terminal = await openMutt(program, account)

        await terminal.shows(/1 .*one/, /2 .*two/, /3 .*three/, /4 .*four/)
        await terminal.press('1', 'Enter')
        await terminal.press('Enter')
        await terminal.shows(/Subject: one/, /The body of one: Grüße/)
        await terminal.press('q')
        await terminal.shows(/1 .*one/, /4 .*four/)
        await terminal.press('2', 'Enter')
        await terminal.press('F')
        await terminal.shows(/2 .*!.*two/)
        // The copy goes into a mailbox that it makes.
        await terminal.press('3', 'Enter')
        await terminal.press('C')
        await terminal.shows(/Copy to mailbox/)
        await terminal.press('C-u')
        await terminal.type('=Kept')
        await terminal.press('Enter')
        await terminal.shows(/3 .*three/)
        await terminal.press('d')
        await terminal.shows(/3 .*D.*three/)
        await terminal.press('$')
        await terminal.shows(/3 .*four/)
        // IDLE: it comes by itself.
        await server.send(account.user, note('late', 'By itself\r\n'))
        await terminal.shows(/4 .*late/)
        await terminal.press('q')
        await terminal.ended()

        const mailboxes = await readMailboxes(server, account.user)
        assert.deepEqual(inShort(mailboxes.get('INBOX')), [
          'one \\Seen',
          'two \\Flagged',
          'four',
          'late',
        ])
        assert.deepEqual(
          mailboxes.get('Kept')?.map(({ subject }) => subject),
          ['three'],
        )
      })
    }

    await t.test(`${program}: told by its command line`, async t => {
      if (isMissing(t, program, 'tmux')) return
      const account = accountOf(t, server, 'imap', 'none', `${program}-pushed@example.org`)
      await server.deliver(account.user, NOTES)
      await using terminal = await openMutt(program, account, [
        "push '<first-entry><flag-message><tag-pattern>~s two<enter><tag-prefix><save-message>=Moved<enter>" +
          "<limit>~b four<enter><first-entry><delete-message><limit>all<enter><sync-mailbox><quit>'",
      ])
      await terminal.ended()
      const mailboxes = await readMailboxes(server, account.user)
      assert.deepEqual(inShort(mailboxes.get('INBOX')), ['one \\Flagged', 'three'])
      assert.deepEqual(
        mailboxes.get('Moved')?.map(({ text }) => text),
        [NOTES[1]?.toString('latin1')],
      )
    })
  }
})
