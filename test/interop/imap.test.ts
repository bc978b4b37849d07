import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accountOf, startMailServer } from '../helpers/mail-server.ts'
import { isMissing } from '../helpers/program.ts'
import type { Account } from './clients/account.ts'
import { curlImap } from './clients/curl-imap.ts'
import { fetchIdling, fetchWith } from './clients/fetchmail.ts'
import { getIdling, getWith } from './clients/getmail.ts'
import { runImapfilter } from './clients/imapfilter.ts'
import { driveImaplib } from './clients/imaplib.ts'
import { inShort, readMailboxes } from './mailboxes.ts'

const header = (subject: string, more = '') =>
  `From: Ann <ann@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: ${subject}\r\n` +
  `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n` +
  `MIME-Version: 1.0\r\n${more}\r\n`

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

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

const IMAPFILTER = `
inbox = account.INBOX
exist, recent, unseen = inbox:check_status()
print('> ' .. exist .. ' ' .. unseen)
one = inbox:contain_subject('one')
two = inbox:contain_body('attachment') * inbox:is_unseen()
print('> ' .. #one .. ' ' .. #two .. ' ' .. #(inbox:contain_subject('three') - one) .. ' ' .. #(one + two) .. ' ' .. #inbox:is_flagged())
one:mark_flagged()
account:create_mailbox('Kept')
one:copy_messages(account.Kept)
account:rename_mailbox('Kept', 'Filed')
account:create_mailbox('Kept')
two:move_messages(account.Kept)
account:delete_mailbox('Kept')
one:delete_messages()
three = inbox:contain_from('ann@example.com')
three:add_flags({ 'Urgent' })
three:mark_answered()
for _, message in ipairs(three) do
  mailbox, uid = table.unpack(message)
  print('> ' .. string.match(mailbox[uid]:fetch_header(), 'Subject: three'))
end
print('> ' .. tostring(account.Filed:append_message('Subject: new\\r\\n\\r\\nx\\r\\n', { '\\\\Seen' })))
mailboxes, folders = account:list_all('', 'Filed')
print('> ' .. #mailboxes)
`

test('IMAP clients', async t => {
  const server = await startMailServer(t)
  for (const tls of ['none', 'starttls', 'implicit'] as const) {
    await t.test(`Python imaplib, TLS ${tls}: every command`, async t => {
      if (isMissing(t, 'python3')) return
      const account = accountOf(t, server, 'imap', tls, `imaplib-${tls}@example.org`)
      await server.deliver(account.user, MESSAGES)
      await driveImaplib(account)
    })

    await t.test(`curl, TLS ${tls}: lists, reads, searches, adds, changes`, async t => {
      if (isMissing(t, 'curl')) return
      const account = accountOf(t, server, 'imap', tls, `curl-${tls}@example.org`)
      await server.deliver(account.user, MESSAGES)
      assert.match(await curlImap(account, ''), /^\* LIST \(.*\) "\/" "?INBOX"?\r$/m)
      assert.match(
        await curlImap(account, '', { request: 'STATUS INBOX (MESSAGES)' }),
        /MESSAGES 3/,
      )
      const uids = /^\* SEARCH (\d+) (\d+) (\d+)/.exec(
        await curlImap(account, 'INBOX', { request: 'UID SEARCH ALL' }),
      )
      for (const [index, message] of MESSAGES.entries()) {
        const whole = latin1(message)
        assert.equal(await curlImap(account, `INBOX;MAILINDEX=${index + 1}`), whole)
        assert.equal(await curlImap(account, `INBOX;UID=${uids?.[index + 1]}`), whole)
      }
      const text = await curlImap(account, 'INBOX;MAILINDEX=1;SECTION=TEXT')
      assert.equal(text, 'Hello Bob\r\n.\r\nDots\r\n')
      assert.match(
        await curlImap(account, 'INBOX;MAILINDEX=2;SECTION=2.MIME'),
        /filename=data\.bin/,
      )
      assert.match(await curlImap(account, 'INBOX?SUBJECT%20two'), /^\* SEARCH 2\r$/m)
      await curlImap(account, '', { request: 'CREATE Kept' })
      await curlImap(account, 'Kept', { upload: MESSAGES[0] as Buffer })
      await curlImap(account, 'INBOX', { request: 'STORE 3 +Flags (\\Flagged)' })
      await curlImap(account, 'INBOX', { request: 'COPY 3 Kept' })
      await curlImap(account, 'INBOX', { request: 'STORE 2 +Flags \\Deleted' })
      assert.match(await curlImap(account, 'INBOX', { request: 'EXPUNGE' }), /^\* 2 EXPUNGE\r$/m)
      const mailboxes = await readMailboxes(server, account.user)
      const inbox = ['one \\Seen', 'three \\Flagged \\Seen']
      assert.deepEqual(inShort(mailboxes.get('INBOX')), inbox)
      const kept = mailboxes.get('Kept') ?? []
      assert.deepEqual(
        kept.map(({ subject }) => subject),
        ['one', 'three'],
      )
      assert.equal(kept[0]?.text, latin1(MESSAGES[0] as Buffer))
    })

    await t.test(`imapfilter, TLS ${tls}: searches, flags, moves, makes mailboxes`, async t => {
      if (isMissing(t, 'imapfilter')) return
      const account = accountOf(t, server, 'imap', tls, `imapfilter-${tls}@example.org`)
      await server.deliver(account.user, MESSAGES)
      const printed = await runImapfilter(account, IMAPFILTER)
      const own = printed.filter(line => line.startsWith('> '))
      assert.deepEqual(own, ['> 3 3', '> 1 1 1 2 0', '> Subject: three', '> true', '> 1'])
      const mailboxes = await readMailboxes(server, account.user)
      assert.deepEqual(inShort(mailboxes.get('INBOX')), ['three Urgent \\Answered'])
      assert.deepEqual(inShort(mailboxes.get('Filed')), ['one \\Flagged', 'new \\Seen'])
      assert.equal(mailboxes.has('Kept'), false)
    })

    if (tls !== 'starttls') {
      await t.test(
        `getmail6 over IMAP, TLS ${tls}: fetches what is new, and takes it away`,
        async t => {
          if (isMissing(t, 'getmail')) return
          const account = accountOf(t, server, 'imap', tls, `getmail-imap-${tls}@example.org`)
          await checkFetching(account, removes => getWith('IMAP', account, removes))
        },
      )
    }

    await t.test(
      `fetchmail over IMAP, TLS ${tls}: fetches what is new, and takes it away`,
      async t => {
        if (isMissing(t, 'fetchmail')) return
        const account = accountOf(t, server, 'imap', tls, `fetchmail-imap-${tls}@example.org`)
        await checkFetching(account, removes => fetchWith('IMAP', account, removes))
      },
    )
  }

  for (const [program, idle] of [
    ['fetchmail', fetchIdling],
    ['getmail', getIdling],
  ] as const) {
    await t.test(`${program} by IDLE: is woken by new mail`, async t => {
      if (isMissing(t, program)) return
      const account = accountOf(t, server, 'imap', 'none', `${program}-idle@example.org`)
      const mails = await idle(account, () => server.send(account.user, MESSAGES[0] as Buffer))
      assert.deepEqual(mails.map(latin1), [latin1(MESSAGES[0] as Buffer).replaceAll('\r\n', '\n')])
    })
  }

  async function checkFetching(
    { user }: Account,
    fetch: (removes: boolean) => Promise<readonly Buffer[]>,
  ): Promise<void> {
    const texts = async (removes: boolean) => (await fetch(removes)).map(latin1)
    const wanted = MESSAGES.map(message => latin1(message).replaceAll('\r\n', '\n'))
    assert.deepEqual(await texts(false), [], 'an empty mailbox')
    await server.deliver(user, MESSAGES.slice(0, 2))
    assert.deepEqual(await texts(false), wanted.slice(0, 2))
    await server.deliver(user, MESSAGES.slice(2))
    assert.deepEqual(await texts(false), wanted.slice(2), 'only what is new')
    assert.equal((await readMailboxes(server, user)).get('INBOX')?.length, 3)
    await texts(true)
    assert.equal((await readMailboxes(server, user)).get('INBOX')?.length, 0)
  }
})
