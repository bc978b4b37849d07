import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { askImap, openImap, startImap } from '../helpers/imap.ts'
import { play } from '../helpers/transcript.ts'
import { Wire } from '../helpers/wire.ts'

const BEFORE_LOGIN =
  'IMAP4rev1 IMAP4rev2 IDLE LITERAL+ ENABLE ID SASL-IR STARTTLS AUTH=CRAM-MD5 AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2 AUTH=OAUTHBEARER'

test('a session from the greeting to LOGOUT (RFC 9051 §8)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two')
  await play(
    imap.port,
    `S: * OK [CAPABILITY ${BEFORE_LOGIN}] Mailcatch ready
     C: a001 login mrc secret
     S: a001 OK [CAPABILITY IMAP4rev1 IMAP4rev2 IDLE LITERAL+ UIDPLUS NAMESPACE SPECIAL-USE UNSELECT MOVE ENABLE ID …] logged in
     C: a002 select inbox
     S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
     S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] …
     S: * 2 EXISTS
     S: * 2 RECENT
     S: * OK [UNSEEN 1] …
     S: * OK [UIDVALIDITY …] UIDs valid
     S: * OK [UIDNEXT 3] …
     S: * OK [HIGHESTMODSEQ …] …
     S: * OK [MAILBOXID (F…-1)] …
     S: a002 OK [READ-WRITE] SELECT completed
     C: a005 store 2 +flags \\deleted
     S: * 2 FETCH (FLAGS (\\Deleted \\Recent))
     S: a005 OK STORE completed
     C: a006 logout
     S: * BYE see you
     S: a006 OK LOGOUT completed
     CLOSED`,
  )
})

test('commands have their states', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a SELECT INBOX
     S: a BAD log in first
     C: b LOGIN ann any
     S: b OK …
     C: c LOGIN ann any
     S: c BAD you are logged in
     C: d FETCH 1 FLAGS
     S: d BAD no mailbox is selected
     C: e STARTTLS
     S: e BAD you are logged in
     C: f CAPABILITY
     S: * CAPABILITY IMAP4rev1 IMAP4rev2 … APPENDLIMIT=1048576 COMPRESS=DEFLATE
     S: f OK CAPABILITY completed`,
  )
})

test('what is no command is BAD, with its tag where it has one', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a FROBNICATE
     S: a BAD there is no such command at octet 3
     C: b NOOP with arguments
     S: b BAD too many arguments at octet 8
     C: +++
     S: * BAD expected a tag at octet 1
     C: ${' '.repeat(3)}
     S: * BAD …
     C:
     S: * BAD …
     C: c SELECT "unended
     S: c BAD …
     C: d noop
     S: d OK NOOP completed`)
})

test('pipelined commands are run one after the other', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two', 'three')
  await imap.play(`C: a SELECT INBOX
     C: b STORE 1:3 +FLAGS.SILENT (\\Deleted)
     C: c EXPUNGE
     C: d STATUS INBOX (MESSAGES)
     C: e LOGOUT
     S: * FLAGS …
     S: * OK [PERMANENTFLAGS …
     S: * 3 EXISTS
     S: * 3 RECENT
     S: * OK [UNSEEN 1] …
     S: * OK [UIDVALIDITY …
     S: * OK [UIDNEXT 4] …
     S: * OK [HIGHESTMODSEQ …
     S: * OK [MAILBOXID …
     S: a OK [READ-WRITE] …
     S: b OK STORE completed
     S: * 1 EXPUNGE
     S: * 1 EXPUNGE
     S: * 1 EXPUNGE
     S: * 0 RECENT
     S: c OK EXPUNGE completed
     S: * STATUS INBOX (MESSAGES 0)
     S: d OK STATUS completed
     S: * BYE …
     S: e OK LOGOUT completed
     CLOSED`)
})

test('three commands that are none before login, twenty in a row after it', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a X
     C: b CAPABILITY
     C: c X
     C: d X
     S: a BAD …
     S: * CAPABILITY …
     S: b OK …
     S: c BAD …
     S: d BAD …
     S: * BYE too many commands that are none
     CLOSED`,
  )
  const wire = await openImap(imap.port)
  for (let count = 0; count < 19; count++) await askImap(wire, 'X')
  assert.deepEqual(await askImap(wire, 'NOOP'), ['OK NOOP completed'])
  for (let count = 0; count < 19; count++) await askImap(wire, 'X')
  assert.match((await askImap(wire, 'X')).join(), /^BAD/)
  assert.equal(await wire.line(), '* BYE too many commands that are none')
  assert.equal(await wire.line(), null)
})

test('who says nothing is told BYE', async t => {
  const imap = await startImap(t, { loginTimeout: 50, idleTimeout: 80 })
  await play(imap.port, 'S: * OK …\nS: * BYE idle for too long\nCLOSED')
  const wire = await openImap(imap.port)
  assert.equal(await wire.line(), '* BYE idle for too long')
  assert.equal(await wire.line(), null)
  // Half a command is none.
  const half = await openImap(imap.port)
  half.write('a APPEND INBOX {5}')
  assert.equal(await half.line(), '* BYE idle for too long')
})

test('a browser that was sent here is shown out', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: POST / HTTP/1.1
     C: Host: localhost:1143
     C:
     C: a LOGIN x y
     S: * BYE this is an IMAP server
     CLOSED`,
  )
})

test('a mailbox that is deleted under a session ends the session', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a CREATE shared
     S: a OK …
     C2: a SELECT shared
     S2: * FLAGS …
     S2: * OK [PERMANENTFLAGS …
     S2: * 0 EXISTS
     S2: * 0 RECENT
     S2: * OK [UIDVALIDITY …
     S2: * OK [UIDNEXT 1] …
     S2: * OK [HIGHESTMODSEQ …
     S2: * OK [MAILBOXID …
     S2: a OK …
     C3: a EXAMINE shared
     S3: * FLAGS …
     S3: * OK [PERMANENTFLAGS …
     S3: * 0 EXISTS
     S3: * 0 RECENT
     S3: * OK [UIDVALIDITY …
     S3: * OK [UIDNEXT 1] …
     S3: * OK [HIGHESTMODSEQ …
     S3: * OK [MAILBOXID …
     S3: a OK …
     C3: b IDLE
     S3: + idling
     C: b DELETE shared
     S: b OK …
     S2: * BYE [UNAVAILABLE] the mailbox was deleted
     CLOSED2
     S3: * BYE [UNAVAILABLE] the mailbox was deleted
     CLOSED3
     C: c NOOP
     S: c OK …`)
})

test('who deletes or renames the mailbox that it has open goes on', async t => {
  const imap = await startImap(t)
  await imap.deliver('one')
  const wire = await openImap(imap.port)
  await askImap(wire, 'CREATE a')
  await askImap(wire, 'SELECT a')
  await askImap(wire, 'RENAME a b')
  assert.deepEqual(await askImap(wire, 'NOOP'), ['OK NOOP completed'])
  assert.deepEqual(await askImap(wire, 'DELETE b'), [
    '* OK [CLOSED] the mailbox was deleted',
    'OK DELETE completed',
  ])
  assert.deepEqual(await askImap(wire, 'CHECK'), ['BAD no mailbox is selected'])
  wire.destroy()
})

test('errors of the store are answered with their codes, and the session goes on', async t => {
  const { fs, fail } = failingFs(memoryFs())
  const imap = await startImap(t, { storeOptions: { fs } })
  const wire = await openImap(imap.port)
  for (const [fault, answer] of [
    ['ENOSPC', 'NO [OVERQUOTA] there is no room left'],
    ['EIO', 'NO [UNAVAILABLE] the store cannot be read or written now'],
  ] as const) {
    fail('write', fault)
    assert.deepEqual(await askImap(wire, 'CREATE a'), [answer])
  }
  assert.match((await askImap(wire, 'CREATE a')).join(), /^OK/)
  wire.destroy()
})

test('a bug is logged and answered, and the session goes on', async t => {
  const auth = {
    user: 'ann',
    get password(): string {
      throw new TypeError('a bug')
    },
  }
  const imap = await startImap(t, { auth })
  await play(
    imap.port,
    `S: * OK …
     C: a LOGIN ann any
     S: a NO [SERVERBUG] the server is at fault
     C: b NOOP
     S: b OK …`,
  )
  assert.ok(imap.lines.some(line => /^error: IMAP: a command failed: TypeError: a bug/.test(line)))
})

test('at the end of the server, clients are told, and those within a command may finish', async t => {
  const imap = await startImap(t)
  const [waiting, idling, appending] = await Promise.all(
    Array.from({ length: 3 }, () => openImap(imap.port)),
  )
  assert.ok(waiting && idling && appending)
  const fresh = await Wire.open(imap.port)
  await fresh.line()
  idling.write('a IDLE\r\n')
  assert.equal(await idling.line(), '+ idling')
  appending.write('a APPEND INBOX {5}\r\n')
  assert.equal(await appending.line(), '+ OK')
  const closing = imap.close()
  for (const wire of [waiting, idling, fresh]) {
    assert.equal(await wire.line(), '* BYE Mailcatch is shutting down')
    assert.equal(await wire.line(), null)
  }
  appending.write('hello\r\n')
  assert.match((await appending.line()) ?? '', /^a OK \[APPENDUID /)
  assert.equal(await appending.line(), '* BYE Mailcatch is shutting down')
  await closing
  assert.equal(imap.store.total, 1)
})
