import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { accountOf, type MailServer, startMailServer } from '../helpers/mail-server.ts'
import { isMissing } from '../helpers/program.ts'
import { Thunderbird } from './clients/thunderbird.ts'
import { inShort, readMailboxes } from './mailboxes.ts'

const note = (subject: string) =>
  Buffer.from(
    `From: Ann <ann@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: ${subject}\r\n` +
      `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n` +
      `Content-Type: text/plain; charset=utf-8\r\n\r\nThe body of ${subject}: Grüße\r\n`,
  )

/** What was done in the window reaches the server a moment later: waits for it, and says what is there instead. */
async function reaches(
  server: MailServer,
  user: string,
  wanted: Record<string, readonly string[]>,
) {
  const tooLate = Date.now() + 30_000
  for (;;) {
    const mailboxes = await readMailboxes(server, user)
    const there = Object.fromEntries(
      Object.keys(wanted).map(name => [name, inShort(mailboxes.get(name))]),
    )
    if (JSON.stringify(there) === JSON.stringify(wanted)) return
    if (Date.now() > tooLate) assert.deepEqual(there, wanted)
    await wait(100)
  }
}

test('Thunderbird lists, opens, flags, moves and deletes, and hears of new mail', async t => {
  if (isMissing(t, 'thunderbird', 'Xvfb')) return
  const server = await startMailServer(t)
  for (const tls of ['none', 'starttls', 'implicit'] as const) {
    await t.test(`TLS ${tls}`, async t => {
      const account = accountOf(t, server, 'imap', tls, `thunderbird-${tls}@example.org`)
      const { user } = account
      await server.deliver(user, ['one', 'two', 'three', 'four'].map(note))
      await using thunderbird = await Thunderbird.open(account)
      await thunderbird.shows('one', 'two', 'three', 'four')
      assert.deepEqual((await thunderbird.folders()).toSorted(), FOLDERS)
      assert.match(await thunderbird.read('one'), /The body of one: Grüße/)
      await thunderbird.command('two', 'cmd_markAsFlagged')
      await thunderbird.move('three', 'Archive')
      await thunderbird.shows('one', 'two', 'four')
      await server.send(user, note('late'))
      await thunderbird.shows('one', 'two', 'four', 'late')
      await thunderbird.command('four', 'cmd_delete')
      await thunderbird.shows('one', 'two', 'late')
      assert.match(await thunderbird.read('late'), /The body of late/)
      await reaches(server, user, {
        INBOX: ['one \\Seen', 'two \\Flagged \\Seen', 'late \\Seen'],
        Archive: ['three \\Seen'],
        Trash: ['four \\Seen'],
      })

      const picture = await thunderbird.screenshot()
      assert.equal(picture.subarray(1, 4).toString(), 'PNG')
      const folder = process.env.MAILCATCH_SCREENSHOTS
      if (folder) writeFileSync(join(folder, `thunderbird-${server.name}-${tls}.png`), picture)
    })
  }
})

const FOLDERS = ['Archive', 'Drafts', 'INBOX', 'Junk', 'Sent', 'Trash']
