import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { type FetchMessageObject, ImapFlow } from 'imapflow'
import { type MailServer, startMailServer } from '../helpers/mail-server.ts'
import type { Tls } from './clients/account.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/corpus/${name}.eml`, import.meta.url))

const INVITE = fixture('templates/nodemailer-invite-ics')
const NESTED = fixture('structure/rfc822-nested-3-levels')
const NAMES = fixture('charset/filename-encodings-six-ways')

const note = (subject: string, body = 'Hello\r\n') =>
  Buffer.from(
    `From: Ann <ann@example.com>\r\nTo: Bob <bob@example.org>\r\nSubject: ${subject}\r\n` +
      `Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.com>\r\n\r\n${body}`,
  )

async function connect(
  t: TestContext,
  { ports, caFile, password }: MailServer,
  user: string,
  { tls = 'none', qresync = false }: { readonly tls?: Tls; readonly qresync?: boolean } = {},
): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: 'localhost',
    port: tls === 'implicit' ? ports.imaps : ports.imap,
    secure: tls === 'implicit',
    ...(tls === 'implicit' ? {} : { doSTARTTLS: tls === 'starttls' }),
    auth: { user, pass: password },
    tls: { ca: readFileSync(caFile, 'utf8') },
    clientInfo: { name: 'test' },
    autoIdleDelay: 1,
    qresync,
    logger: false,
  })
  t.after(() => client.close())
  await client.connect()
  return client
}

const found = <T>(value: T | false | undefined): T => {
  assert.ok(value)
  return value
}

/** The type of each node of a body structure, nested. */
const shape = (node: FetchMessageObject['bodyStructure']): string =>
  `${node?.type}${node?.childNodes ? `[${node.childNodes.map(shape).join(',')}]` : ''}`

test('imapflow', async t => {
  const server = await startMailServer(t)

  for (const tls of ['none', 'starttls', 'implicit'] as const) {
    await t.test(`logs in, TLS ${tls}, and asks who is there`, async t => {
      const client = await connect(t, server, `flow-${tls}@example.org`, { tls })
      assert.equal(client.secureConnection, tls !== 'none')
      assert.ok(client.authenticated)
      assert.ok(client.serverInfo?.name)
      assert.equal(client.namespace?.delimiter, '/')
      await client.noop()
      await client.logout()
    })
  }

  await t.test('lists, makes, renames and removes mailboxes', async t => {
    const user = 'flow-mailboxes@example.org'
    await server.deliver(user, [note('a'), note('b')])
    const client = await connect(t, server, user)
    const listed = await client.list({
      statusQuery: { messages: true, unseen: true, uidNext: true },
    })
    const inbox = listed.find(({ path }) => path === 'INBOX')
    assert.equal(inbox?.status?.messages, 2)
    assert.equal(inbox?.status?.unseen, 2)
    assert.deepEqual(listed.flatMap(({ specialUse }) => specialUse ?? []).toSorted(), [
      '\\Archive',
      '\\Drafts',
      '\\Inbox',
      '\\Junk',
      '\\Sent',
      '\\Trash',
    ])
    for (const path of ['Work', 'Work/Bücher', 'a "b" \\c & d']) {
      assert.equal((await client.mailboxCreate(path)).created, true)
    }
    assert.equal((await client.mailboxCreate('Work')).created, false)
    await client.mailboxSubscribe('Work/Bücher')
    await client.mailboxRename('Work/Bücher', 'Regal')
    await client.mailboxUnsubscribe('Work/Bücher')
    await client.mailboxSubscribe('Regal')
    await client.mailboxDelete('a "b" \\c & d')
    const after = await client.list()
    const own = after.filter(({ specialUse }) => !specialUse)
    assert.deepEqual(own.map(({ path }) => path).toSorted(), ['Regal', 'Work'])
    assert.equal(own.find(({ path }) => path === 'Regal')?.subscribed, true)
    await assert.rejects(client.mailboxDelete('Nowhere'))
    await assert.rejects(client.mailboxOpen('Nowhere'))
    const status = found(
      await client.status('INBOX', {
        messages: true,
        recent: true,
        uidNext: true,
        uidValidity: true,
      }),
    )
    assert.equal(status.messages, 2)
    await client.logout()
  })

  await t.test('fetches envelopes, structures, parts and whole messages', async t => {
    const user = 'flow-fetch@example.org'
    const mails = [INVITE, NESTED, NAMES, note('last')]
    await server.deliver(user, mails)
    const client = await connect(t, server, user)
    const lock = await client.getMailboxLock('INBOX')
    const all = await client.fetchAll('1:*', {
      uid: true,
      flags: true,
      envelope: true,
      bodyStructure: true,
      internalDate: true,
      size: true,
      source: true,
      headers: ['subject', 'x-nothing'],
    })
    assert.deepEqual(
      all.map(({ source }) => source?.toString('latin1')),
      mails.map(mail => mail.toString('latin1')),
    )
    assert.deepEqual(
      all.map(({ size }) => size),
      mails.map(({ length }) => length),
    )
    for (const { internalDate } of all) assert.ok(Number(internalDate) > 0)
    const [invite, nested, names, last] = all
    assert.equal(last?.envelope?.subject, 'last')
    assert.deepEqual(last?.envelope?.from, [{ name: 'Ann', address: 'ann@example.com' }])
    assert.equal(last?.envelope?.messageId, '<last@example.com>')
    assert.equal(last?.envelope?.date?.toString(), new Date('2026-11-21T10:00:00Z').toString())
    assert.equal(shape(last?.bodyStructure), 'text/plain')
    assert.equal(shape(invite?.bodyStructure), EXPECTED.invite)
    assert.equal(shape(nested?.bodyStructure), EXPECTED.nested)
    assert.equal(names?.bodyStructure?.childNodes?.length, EXPECTED.names)
    assert.equal(last?.headers?.toString().trim(), 'Subject: last')
    assert.equal(last?.flags?.has('\\Seen'), false)

    const { meta, content } = await client.download('4')
    assert.ok(content)
    assert.equal(meta?.expectedSize, mails[3]?.length)
    assert.deepEqual(await buffer(content), mails[3])
    const part = await client.download('1', '2')
    assert.ok(part.content)
    assert.equal(part.meta?.contentType, 'application/ics')
    assert.match((await buffer(part.content)).toString(), /^BEGIN:VCALENDAR/)
    const one = found(
      await client.fetchOne('4', {
        bodyParts: ['TEXT', { key: 'HEADER', start: 0, maxLength: 4 }],
      }),
    )
    assert.equal(one.bodyParts?.get('text')?.toString(), 'Hello\r\n')
    // It has a place of its own for the header.
    assert.equal(one.headers?.toString(), 'From')
    lock.release()
    await client.logout()
  })

  await t.test('searches', async t => {
    const user = 'flow-search@example.org'
    await server.deliver(user, [note('alpha'), note('beta', 'Gruesse\r\n'), note('gamma')])
    const client = await connect(t, server, user)
    await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('1', ['\\Seen', '$Label'])
    const searches = [
      [{ all: true }, [1, 2, 3]],
      [{ subject: 'beta' }, [2]],
      [{ seen: true }, [1]],
      [{ seen: false }, [2, 3]],
      [{ body: 'gruesse' }, [2]],
      [{ from: 'ann', not: { subject: 'alpha' } }, [2, 3]],
      [{ or: [{ subject: 'alpha' }, { subject: 'gamma' }] }, [1, 3]],
      [{ header: { 'message-id': '<gamma@example.com>' } }, [3]],
      [{ header: { 'x-nothing': true } }, []],
      [{ keyword: '$Label' }, [1]],
      [{ unKeyword: '$Label' }, [2, 3]],
      [{ since: new Date(Date.now() - 86_400_000) }, [1, 2, 3]],
      [{ before: new Date(Date.now() - 86_400_000) }, []],
      [{ sentOn: new Date('2026-11-21') }, [1, 2, 3]],
      [{ larger: 10_000 }, []],
      [{ smaller: 10_000 }, [1, 2, 3]],
      [{ seq: '2:*' }, [2, 3]],
    ] as const
    for (const [query, wanted] of searches) {
      assert.deepEqual(await client.search(query as object), wanted, JSON.stringify(query))
    }
    const uids = found(await client.search({ all: true }, { uid: true })) as number[]
    assert.deepEqual(await client.search({ uid: String(uids[1]) }), [2])
    const counted = await client.search({ all: true }, { returnOptions: ['COUNT', 'MIN', 'MAX'] })
    assert.deepEqual(
      { ...(counted as object) },
      { ...(counted as object), count: 3, min: 1, max: 3 },
    )
    await client.logout()
  })

  await t.test('appends, flags, copies, moves and deletes', async t => {
    const user = 'flow-change@example.org'
    await server.deliver(user, [note('a'), note('b'), note('c')])
    const client = await connect(t, server, user)
    await client.mailboxOpen('INBOX')
    await client.messageFlagsAdd('1:2', ['\\Flagged', 'Keyword'])
    await client.messageFlagsRemove('2', ['\\Flagged'])
    await client.messageFlagsSet('3', ['\\Answered', '\\Draft'])
    const flagsOf = async () =>
      (await client.fetchAll('1:*', { flags: true })).map(({ flags }) =>
        [...(flags ?? [])].filter(flag => flag !== '\\Recent').toSorted(),
      )
    assert.deepEqual(await flagsOf(), [
      ['Keyword', '\\Flagged'],
      ['Keyword'],
      ['\\Answered', '\\Draft'],
    ])

    const date = new Date('2020-02-29T12:00:00Z')
    const appended = found(await client.append('Archive', note('appended'), ['\\Seen'], date))
    assert.ok(appended.uid)
    const copied = found(await client.messageCopy('1,3', 'Archive'))
    assert.equal(copied.uidMap?.size, 2)
    assert.equal(await client.messageMove('2', 'Nowhere'), false)
    await client.mailboxCreate('Work/New')
    const moved = found(await client.messageMove('2', 'Work/New'))
    assert.equal(moved.uidMap?.size, 1)
    assert.deepEqual(await flagsOf(), [
      ['Keyword', '\\Flagged'],
      ['\\Answered', '\\Draft'],
    ])
    assert.equal(await client.messageDelete('1'), true)
    assert.deepEqual(await flagsOf(), [['\\Answered', '\\Draft']])

    const archive = await client.mailboxOpen('Archive')
    assert.equal(archive.exists, 3)
    const listed = await client.fetchAll('1:*', {
      uid: true,
      flags: true,
      envelope: true,
      internalDate: true,
    })
    assert.deepEqual(
      listed.map(({ envelope }) => envelope?.subject),
      ['appended', 'a', 'c'],
    )
    assert.equal(listed[0]?.uid, appended.uid)
    assert.deepEqual(
      listed.slice(1).map(({ uid }) => uid),
      [...(copied.uidMap?.values() ?? [])],
    )
    assert.ok(listed[0]?.flags?.has('\\Seen'))
    assert.equal(new Date(listed[0]?.internalDate ?? 0).getTime(), date.getTime())
    assert.ok(listed[1]?.flags?.has('Keyword'))
    await client.mailboxOpen('Work/New')
    assert.equal(found(await client.fetchOne('*', { envelope: true })).envelope?.subject, 'b')
    await client.logout()
  })

  await t.test('CONDSTORE and QRESYNC: sees only what changed since', async t => {
    const user = 'flow-condstore@example.org'
    await server.deliver(user, [note('a'), note('b'), note('c')])
    const client = await connect(t, server, user, { qresync: true })
    if (!client.capabilities.has('CONDSTORE')) return t.skip('CONDSTORE is not offered')
    const { highestModseq } = await client.mailboxOpen('INBOX')
    assert.ok(highestModseq)
    assert.ok(client.enabled.has('CONDSTORE'))
    const since = (await client.fetchAll('1:*', { uid: true })).reduce(
      (highest, { modseq = 0n }) => (modseq > highest ? modseq : highest),
      highestModseq,
    )
    await client.messageFlagsAdd('2', ['\\Flagged'])
    const changed = await client.fetchAll(
      '1:*',
      { uid: true, flags: true },
      { changedSince: since },
    )
    assert.deepEqual(
      changed.map(({ seq }) => seq),
      [2],
    )
    assert.ok((changed[0]?.modseq ?? 0n) > since)
    assert.deepEqual(await client.search({ modseq: Number(changed[0]?.modseq) }), [2])
    if (client.capabilities.has('QRESYNC')) {
      const uid = found(await client.fetchOne('1', { uid: true })).uid
      const gone = once(client, 'expunge')
      await client.messageDelete('1')
      const [{ uid: vanished }] = await gone
      assert.equal(vanished, uid)
    }
    await client.logout()
  })

  await t.test('IDLE: hears of new mail, flags and expunged mail', async t => {
    const user = 'flow-idle@example.org'
    await server.deliver(user, [note('a'), note('b')])
    const idler = await connect(t, server, user)
    const other = await connect(t, server, user)
    await idler.mailboxOpen('INBOX')
    await other.mailboxOpen('INBOX')
    const idle = idler.idle()

    const exists = once(idler, 'exists')
    await server.send(user, note('new'))
    const [{ count, prevCount }] = await exists
    assert.deepEqual({ count, prevCount }, { count: 3, prevCount: 2 })
    const flags = once(idler, 'flags')
    await other.messageFlagsAdd('2', ['\\Seen'])
    const [{ seq, flags: heard }] = await flags
    assert.equal(seq, 2)
    assert.ok(heard.has('\\Seen'))
    const expunge = once(idler, 'expunge')
    await other.messageDelete('1')
    const [{ seq: expunged }] = await expunge
    assert.equal(expunged, 1)
    await idler.noop()
    await idle
    assert.equal(found(await idler.fetchOne('*', { envelope: true })).envelope?.subject, 'new')
  })
})

const EXPECTED = {
  invite:
    'multipart/mixed[multipart/alternative[text/plain,text/html,text/calendar],application/ics]',
  nested:
    'multipart/mixed[text/plain,message/rfc822[multipart/mixed[text/plain,message/rfc822[multipart/mixed[text/plain,application/pdf]]]]]',
  names: 7,
}
