import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, deliver, openImap, startImap } from '../../helpers/imap.ts'

test('CREATE, with levels above and a separator at the end (RFC 9051 §6.3.4)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: A003 CREATE owatagusiam/
     S: A003 OK [MAILBOXID (F…)] CREATE completed
     C: A004 CREATE owatagusiam/blurdybloop
     S: A004 OK …
     C: A005 CREATE a/b/c
     S: A005 OK …
     C: A006 LIST "" a*
     S: * LIST (\\HasChildren) "/" a
     S: * LIST (\\HasChildren) "/" a/b
     S: * LIST (\\HasNoChildren) "/" a/b/c
     S: A006 OK …
     C: A007 CREATE owatagusiam
     S: A007 NO [ALREADYEXISTS] owatagusiam exists
     C: A008 CREATE inbox
     S: A008 NO [ALREADYEXISTS] INBOX exists
     C: A009 CREATE "///////"
     S: A009 NO [CANNOT] a level of the name is empty
     C: A010 CREATE ""
     S: A010 NO [CANNOT] a level of the name is empty
     C: A011 CREATE ../../etc/passwd
     S: A011 OK …`)
})

test('CREATE for a special use (RFC 6154 §5.3)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: t2 CREATE MySpecial (USE (\\Drafts))
     S: t2 OK …
     C: t3 LIST "" My*
     S: * LIST (\\HasNoChildren \\Drafts) "/" MySpecial
     S: t3 OK …
     C: t4 CREATE Everything (USE (\\All))
     S: t4 NO [USEATTR] …
     C: t5 CREATE Both (USE (\\Drafts \\Sent))
     S: t5 NO [USEATTR] …
     C: t6 CREATE None (USE ())
     S: t6 OK …
     C: t7 CREATE Own (USE (\\MyOwn))
     S: t7 NO [USEATTR] …`)
})

test('DELETE (RFC 9051 §6.3.5)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a CREATE foo/bar
     S: a OK …
     C: b DELETE foo
     S: b OK DELETE completed
     C: c DELETE foo
     S: c NO [HASCHILDREN] …
     C: d SELECT foo
     S: d NO [NONEXISTENT] …
     C: e DELETE foo/bar
     S: e OK …
     C: f LIST "" foo*
     S: f OK …
     C: g DELETE foo/bar
     S: g NO [NONEXISTENT] …
     C: h DELETE INBOX
     S: h NO [CANNOT] …`)
})

test('a mailbox that is made anew is another one (RFC 9051 §6.3.4)', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port)
  const identity = async () =>
    (await askImap(wire, 'STATUS a (UIDVALIDITY UIDNEXT MAILBOXID)'))[0]?.match(
      /UIDVALIDITY (\d+) UIDNEXT (\d+) MAILBOXID \((\S+)\)/,
    )
  await askImap(wire, 'CREATE a')
  const [, first, , id] = (await identity()) ?? []
  await askImap(wire, 'DELETE a')
  await askImap(wire, 'CREATE a')
  const [, second, next, otherId] = (await identity()) ?? []
  assert.ok(Number(second) > Number(first))
  assert.equal(next, '1')
  assert.notEqual(otherId, id)
  wire.destroy()
})

test('RENAME moves what is below, and keeps identity and subscriptions (RFC 9051 §6.3.6)', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port)
  await askImap(wire, 'CREATE foo/bar')
  await askImap(wire, 'SUBSCRIBE foo')
  const id = async (name: string) =>
    /\(F\S+\)/.exec((await askImap(wire, `STATUS ${name} (MAILBOXID)`)).join())?.[0]
  const before = await id('foo/bar')
  assert.deepEqual(await askImap(wire, 'RENAME foo new/zowie'), ['OK RENAME completed'])
  assert.deepEqual((await askImap(wire, 'LIST "" (foo* new*)')).slice(0, -1), [
    '* LIST (\\HasChildren) "/" new',
    '* LIST (\\HasChildren) "/" new/zowie',
    '* LIST (\\HasNoChildren) "/" new/zowie/bar',
  ])
  assert.equal(await id('new/zowie/bar'), before)
  assert.deepEqual((await askImap(wire, 'LSUB "" foo*')).slice(0, -1), [
    '* LSUB (\\NonExistent \\Noselect \\HasNoChildren) "/" foo',
  ])
  assert.match((await askImap(wire, 'RENAME foo x')).join(), /^NO \[NONEXISTENT\]/)
  assert.match((await askImap(wire, 'RENAME new Sent')).join(), /^NO \[ALREADYEXISTS\]/)
  assert.match((await askImap(wire, 'RENAME new new/below')).join(), /^NO \[CANNOT\]/)
  wire.destroy()
})

test('a level with mailboxes below it is renamed with them (RFC 9051 §6.3.6)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a CREATE foo/bar
     S: a OK …
     C: b DELETE foo
     S: b OK …
     C: A684 RENAME foo zowie
     S: A684 OK RENAME completed
     C: A685 LIST "" (foo* zowie*)
     S: * LIST (\\NonExistent \\Noselect \\HasChildren) "/" zowie
     S: * LIST (\\HasNoChildren) "/" zowie/bar
     S: A685 OK …`)
})

test('RENAME of INBOX moves its messages (RFC 9051 §6.3.6)', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port, 'ann@example.com')
  await deliver(imap.store, ['one', 'two'])
  assert.deepEqual(await askImap(wire, 'RENAME INBOX old-mail'), ['OK RENAME completed'])
  assert.deepEqual(
    (await askImap(wire, 'STATUS old-mail (MESSAGES)'))[0],
    '* STATUS old-mail (MESSAGES 2)',
  )
  assert.deepEqual(
    (await askImap(wire, 'STATUS INBOX (MESSAGES)'))[0],
    '* STATUS INBOX (MESSAGES 0)',
  )
  wire.destroy()
})

test('SUBSCRIBE and UNSUBSCRIBE any name (RFC 9051 §6.3.7)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: A002 SUBSCRIBE #news.comp.mail.mime
     S: A002 OK SUBSCRIBE completed
     C: a LSUB "" #*
     S: * LSUB (\\NonExistent \\Noselect \\HasNoChildren) "/" #news.comp.mail.mime
     S: a OK …
     C: b UNSUBSCRIBE #news.comp.mail.mime
     S: b OK UNSUBSCRIBE completed
     C: c UNSUBSCRIBE never.subscribed
     S: c OK …
     C: d LSUB "" #*
     S: d OK …
     C: e SUBSCRIBE "a//b"
     S: e NO [CANNOT] …`)
})

test('STATUS tells what is asked for (RFC 9051 §6.3.11, RFC 8438, RFC 7889, RFC 8474)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two', 'three')
  const account = imap.store.mailboxes.open('')
  await imap.store.mailboxes.setFlags(account.inbox, [2], { add: ['\\Seen', '\\Deleted'] })
  imap.store.mailboxes.close(account)
  const size = (await imap.store.rawBytes(1))?.length ?? 0
  await imap.play(`C: A042 STATUS INBOX (UIDNEXT MESSAGES)
     S: * STATUS INBOX (UIDNEXT 4 MESSAGES 3)
     S: A042 OK STATUS completed
     C: a STATUS inbox (UNSEEN DELETED SIZE RECENT APPENDLIMIT MAILBOXID)
     S: * STATUS INBOX (UNSEEN 2 DELETED 1 SIZE ${3 * size + 4} RECENT 3 APPENDLIMIT 1048576 MAILBOXID (F…-1))
     S: a OK …
     C: b STATUS nowhere (MESSAGES)
     S: b NO [NONEXISTENT] …
     C: c STATUS INBOX (NONSENSE)
     S: c BAD …
     C: d STATUS INBOX ()
     S: d BAD …`)
})

test('to ask for HIGHESTMODSEQ is to know mod-sequences (RFC 7162 §3.1)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one')
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  const lines = await askImap(wire, 'STATUS Sent (HIGHESTMODSEQ)')
  assert.match(
    lines.join('\n'),
    /^\* OK \[HIGHESTMODSEQ \d+\].*\n\* STATUS Sent \(HIGHESTMODSEQ \d+\)\n/,
  )
  assert.match((await askImap(wire, 'STORE 1 +FLAGS.SILENT (\\Seen)')).join(), /MODSEQ \(\d+\)/)
  wire.destroy()
})

test('NAMESPACE, ID and ENABLE (RFC 9051 §6.3.10, RFC 2971 §3, RFC 5161 §3.1)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a NAMESPACE
     S: * NAMESPACE (("" "/")) NIL NIL
     S: a OK …
     C: b ID ("name" "sodr" "version" "19.34")
     S: * ID ("name" "Mailcatch" "version" "…")
     S: b OK …
     C: c ID NIL
     S: * ID …
     S: c OK …
     C: t2 ENABLE CONDSTORE X-GOOD-IDEA
     S: * ENABLED CONDSTORE
     S: t2 OK …
     C: d ENABLE UTF8=ACCEPT IMAP4rev2 QRESYNC
     S: * ENABLED UTF8=ACCEPT IMAP4rev2 QRESYNC
     S: d OK …
     C: e ENABLE FOO
     S: * ENABLED
     S: e OK …
     C: f ENABLE
     S: f BAD …`)
  assert.ok(imap.lines.some(line => line.includes('is sodr 19.34')))
})

test('an address is an account of its own, any other name the catch-all', async t => {
  const imap = await startImap(t)
  await deliver(imap.store, ['for ann'])
  await deliver(imap.store, ['for bob'], ['bob@example.com'])
  const messages = async (user: string) => {
    const wire = await openImap(imap.port, user)
    const [line] = await askImap(wire, 'STATUS INBOX (MESSAGES UNSEEN)')
    wire.destroy()
    return line
  }
  assert.equal(await messages('ann'), '* STATUS INBOX (MESSAGES 2 UNSEEN 2)')
  assert.equal(await messages('ann@example.com'), '* STATUS INBOX (MESSAGES 1 UNSEEN 1)')
  const ann = await openImap(imap.port, 'Ann@Example.com')
  await askImap(ann, 'SELECT INBOX')
  await askImap(ann, 'STORE 1 +FLAGS (\\Seen \\Deleted)')
  await askImap(ann, 'EXPUNGE')
  ann.destroy()
  assert.equal(await messages('ann@example.com'), '* STATUS INBOX (MESSAGES 0 UNSEEN 0)')
  assert.equal(await messages('anybody'), '* STATUS INBOX (MESSAGES 2 UNSEEN 2)')
})
