import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

test('SELECT and EXAMINE, for both revisions (RFC 9051 §6.3.2, RFC 3501 §6.3.1)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two')
  await imap.play(`C: A142 SELECT INBOX
     S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] …
     S: * 2 EXISTS
     S: * 2 RECENT
     S: * OK [UNSEEN 1] …
     S: * OK [UIDVALIDITY …] …
     S: * OK [UIDNEXT 3] …
     S: * OK [HIGHESTMODSEQ …] …
     S: * OK [MAILBOXID (F…)] …
     S: A142 OK [READ-WRITE] SELECT completed
     C: A143 EXAMINE Drafts
     S: * OK [CLOSED] …
     S: * FLAGS …
     S: * OK [PERMANENTFLAGS ()] …
     S: * 0 EXISTS
     S: * 0 RECENT
     S: * OK [UIDVALIDITY …] …
     S: * OK [UIDNEXT 1] …
     S: * OK [HIGHESTMODSEQ …] …
     S: * OK [MAILBOXID (F…)] …
     S: A143 OK [READ-ONLY] EXAMINE completed
     C: A144 SELECT nowhere
     S: * OK [CLOSED] …
     S: A144 NO [NONEXISTENT] …
     C: A145 CHECK
     S: A145 BAD no mailbox is selected
     C: A146 ENABLE IMAP4rev2
     S: * ENABLED IMAP4rev2
     S: A146 OK …
     C: A147 SELECT Sent
     S: * FLAGS …
     S: * OK [PERMANENTFLAGS …
     S: * 0 EXISTS
     S: * OK [UIDVALIDITY …] …
     S: * OK [UIDNEXT 1] …
     S: * OK [HIGHESTMODSEQ …] …
     S: * OK [MAILBOXID (F…)] …
     S: * LIST (\\HasNoChildren \\Sent) "/" Sent
     S: A147 OK [READ-WRITE] SELECT completed`)
})

test('a message is recent to the first session that is told of it, and to no other', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two')
  const count = async (wire: Awaited<ReturnType<typeof openImap>>, command: string) =>
    (await askImap(wire, command)).find(line => line.endsWith(' RECENT'))
  const [first, second, reader] = await Promise.all([1, 2, 3].map(() => openImap(imap.port)))
  assert.ok(first && second && reader)
  assert.equal(await count(reader, 'EXAMINE INBOX'), '* 2 RECENT')
  assert.equal(await count(first, 'SELECT INBOX'), '* 2 RECENT')
  assert.equal(await count(second, 'SELECT INBOX'), '* 0 RECENT')
  await imap.deliver('three')
  assert.deepEqual(await askImap(reader, 'STATUS INBOX (RECENT)'), [
    '* STATUS INBOX (RECENT 1)',
    '* 3 EXISTS',
    '* 3 RECENT',
    'OK STATUS completed',
  ])
  assert.deepEqual((await askImap(second, 'NOOP')).slice(0, 2), ['* 3 EXISTS', '* 1 RECENT'])
  assert.deepEqual((await askImap(first, 'NOOP')).slice(0, 1), ['* 3 EXISTS'])
  assert.deepEqual((await askImap(first, 'FETCH 1:3 FLAGS')).slice(0, 3), [
    '* 1 FETCH (FLAGS (\\Recent))',
    '* 2 FETCH (FLAGS (\\Recent))',
    '* 3 FETCH (FLAGS ())',
  ])
  assert.deepEqual((await askImap(second, 'UID FETCH 3 FLAGS')).slice(0, 1), [
    '* 3 FETCH (UID 3 FLAGS (\\Recent))',
  ])
  for (const wire of [first, second, reader]) wire.destroy()
})

test('CONDSTORE with SELECT (RFC 7162 §3.1.8)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one')
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX (CONDSTORE)')
  const [line] = await askImap(wire, 'STORE 1 +FLAGS (\\Seen)')
  assert.match(line ?? '', /^\* 1 FETCH \(UID 1 FLAGS \(\\Seen \\Recent\) MODSEQ \(\d+\)\)$/)
  wire.destroy()
})

test('QRESYNC needs ENABLE, and another UIDVALIDITY is no error (RFC 7162 §3.2.5)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one')
  await imap.play(`C: a SELECT INBOX (QRESYNC (67890007 20050715194045000))
     S: a BAD QRESYNC is not enabled
     C: b ENABLE QRESYNC
     S: * ENABLED QRESYNC
     S: b OK …
     C: A02 SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))
     S: * FLAGS …
     S: * OK [PERMANENTFLAGS …
     S: * 1 EXISTS
     S: * 1 RECENT
     S: * OK [UNSEEN 1] …
     S: * OK [UIDVALIDITY …] …
     S: * OK [UIDNEXT 2] …
     S: * OK [HIGHESTMODSEQ …] …
     S: * OK [MAILBOXID …] …
     S: A02 OK [READ-WRITE] SELECT completed`)
})

test('QRESYNC tells what went and what changed among the UIDs that the client knows', async t => {
  const imap = await startImap(t)
  await imap.deliver('1', '2', '3', '4', '5', '6')
  const wire = await openImap(imap.port)
  await askImap(wire, 'ENABLE QRESYNC')
  const selected = (await askImap(wire, 'SELECT INBOX')).join('\n')
  const validity = /UIDVALIDITY (\d+)/.exec(selected)?.[1]
  const modseq = /HIGHESTMODSEQ (\d+)/.exec(selected)?.[1]
  await askImap(wire, 'STORE 2,3,5 +FLAGS (\\Deleted)')
  assert.match(
    (await askImap(wire, 'EXPUNGE')).join('\n'),
    /^\* VANISHED 2:3,5\n(\* 3 RECENT\n)?OK \[HIGHESTMODSEQ \d+\] EXPUNGE completed$/,
  )
  await askImap(wire, 'UID STORE 4,6 +FLAGS (\\Flagged)')
  await imap.deliver('7')
  const told = async (known: string) =>
    (await askImap(wire, `SELECT INBOX (QRESYNC (${validity} ${modseq}${known}))`))
      .filter(line => /VANISHED|FETCH/.test(line))
      .map(line => line.replace(/MODSEQ \(\d+\)/, 'MODSEQ'))
  assert.deepEqual(await told(''), [
    '* VANISHED (EARLIER) 2:3,5',
    '* 2 FETCH (UID 4 FLAGS (\\Flagged) MODSEQ)',
    '* 3 FETCH (UID 6 FLAGS (\\Flagged) MODSEQ)',
    '* 4 FETCH (UID 7 FLAGS (\\Recent) MODSEQ)',
  ])
  assert.deepEqual(await told(' 3:4'), [
    '* VANISHED (EARLIER) 3',
    '* 2 FETCH (UID 4 FLAGS (\\Flagged) MODSEQ)',
  ])
  // Message 2 is UID 4, as the client says: it knows what went below (§3.2.5.2).
  assert.equal((await told(' 1:7 (1,2 1,4)'))[0], '* VANISHED (EARLIER) 5')
  assert.equal((await told(' 1:7 (1,3 1,3)'))[0], '* VANISHED (EARLIER) 2:3,5')
  assert.equal((await told(' 1:7 (1:4294967295 1:4294967295)'))[0], '* VANISHED (EARLIER) 2:3,5')
  wire.destroy()
})

test('a mod-sequence from before this process: everything that is not there has vanished', async t => {
  const imap = await startImap(t)
  await imap.deliver('1', '2', '3')
  await imap.store.remove([1, 2])
  const wire = await openImap(imap.port)
  await askImap(wire, 'ENABLE QRESYNC')
  const selected = (await askImap(wire, 'SELECT INBOX')).join('\n')
  const validity = /UIDVALIDITY (\d+)/.exec(selected)?.[1]
  const lines = await askImap(wire, `SELECT INBOX (QRESYNC (${validity} 0 1:100))`)
  assert.ok(lines.includes('* VANISHED (EARLIER) 1:2'))
  wire.destroy()
})

test('what came and went while nobody had the mailbox open is known to who opens it again', async t => {
  const imap = await startImap(t)
  const ids = await imap.deliver('one', 'two', 'three')
  const wire = await openImap(imap.port)
  t.after(() => wire.destroy())
  const uids = async () => {
    await askImap(wire, 'SELECT INBOX')
    const lines = await askImap(wire, 'UID SEARCH ALL')
    await askImap(wire, 'UNSELECT')
    return lines[0]
  }
  assert.equal(await uids(), '* SEARCH 1 2 3')
  assert.equal(await uids(), '* SEARCH 1 2 3')
  await imap.store.remove(ids.slice(1, 2))
  assert.equal(await uids(), '* SEARCH 1 3')
  await imap.deliver('four')
  assert.equal(await uids(), '* SEARCH 1 3 4')
  await imap.store.remove(ids.slice(0, 1))
  await imap.deliver('five')
  assert.equal(await uids(), '* SEARCH 3 4 5')
})
