import assert from 'node:assert/strict'
import { test } from 'node:test'
import { memoryFs } from '../../../server/store/memory-fs.ts'
import { failingFs } from '../../helpers/failing-fs.ts'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

// The example of RFC 9051 §6.3.12; it says 326 where 310 octets are.
const MEETING = [
  'Date: Mon, 7 Feb 1994 21:52:25 -0800 (PST)',
  'From: Fred Foobar <foobar@Blurdybloop.example>',
  'Subject: afternoon meeting',
  'To: mooch@owatagu.siam.edu.example',
  'Message-Id: <B27397-0100000@Blurdybloop.example>',
  'MIME-Version: 1.0',
  'Content-Type: TEXT/PLAIN; CHARSET=US-ASCII',
  '',
  'Hello Joe, do you think we can meet at 3:30 tomorrow?',
  '',
].join('\r\n')
const asRow = (text: string) => text.replaceAll('\r\n', '\\r\\n')

test('one message, with flags and a date (RFC 9051 §6.3.12)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a CREATE saved-messages
     S: a OK …
     C: A003 APPEND saved-messages (\\Seen $Work) "17-Jul-1996 02:44:25 -0700" {${MEETING.length}}
     S: + OK
     C: ${asRow(MEETING)}
     S: A003 OK [APPENDUID … 1] APPEND completed
     C: A004 APPEND saved-messages {${MEETING.length}+}
     C: ${asRow(MEETING)}
     S: A004 OK [APPENDUID … 2] APPEND completed
     C: b EXAMINE saved-messages
     S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Work)
     S: * OK [PERMANENTFLAGS ()] …
     S: * 2 EXISTS
     S: * 2 RECENT
     S: * OK [UNSEEN 2] …
     S: * OK [UIDVALIDITY …] …
     S: * OK [UIDNEXT 3] …
     S: * OK [HIGHESTMODSEQ …] …
     S: * OK [MAILBOXID …] …
     S: b OK …
     C: c FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE)
     S: * 1 FETCH (FLAGS ($Work \\Seen \\Recent) INTERNALDATE "17-Jul-1996 09:44:25 +0000" RFC822.SIZE ${MEETING.length})
     S: c OK …`)
})

test('a mailbox that is open tells of the message at once', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  wire.write('a APPEND INBOX {5+}\r\nhello\r\n')
  assert.equal(await wire.line(), '* 1 EXISTS')
  assert.equal(await wire.line(), '* 1 RECENT')
  assert.match((await wire.line()) ?? '', /^a OK \[APPENDUID \d+ 1\]/)
  // The web inbox has it as well.
  assert.equal((await imap.store.rawBytes(1))?.toString(), 'hello')
  wire.destroy()
})

test('several messages at once (RFC 3502 §3)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: A003 APPEND Sent (\\Seen) {5}
     S: + OK
     C: first (\\Flagged) " 7-Feb-1994 22:43:04 -0800" {6}
     S: + OK
     C: second {5+}
     C: third
     S: A003 OK [APPENDUID … 1:3] APPEND completed
     C: a STATUS Sent (MESSAGES UNSEEN)
     S: * STATUS Sent (MESSAGES 3 UNSEEN 2)
     S: a OK …`)
})

test('all or none: one that is empty, refused or malformed leaves none', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a APPEND Sent {5}
     S: + OK
     C: first {0}
     S: a NO [CANNOT] a message has at least one octet
     C: b APPEND Sent {5+}
     C: first {0+}
     C:${' '}
     S: b NO [CANNOT] …
     C: c APPEND Sent {5}
     S: + OK
     C: first (\\NoSuchFlag) {6+}
     C: second
     S: c BAD there is no such system flag …
     C: d APPEND Sent {5}
     S: + OK
     C: first {2000000}
     S: d NO [TOOBIG] …
     C: e STATUS Sent (MESSAGES UIDNEXT)
     S: * STATUS Sent (MESSAGES 0 UIDNEXT 1)
     S: e OK …`)
})

test('a mailbox that there is not asks for CREATE, before an octet is sent', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a APPEND nowhere {5}
     S: a NO [TRYCREATE] there is no such mailbox
     C: b APPEND nowhere {5+}
     C: hello
     S: b NO [TRYCREATE] there is no such mailbox
     C: c APPEND nowhere (\\Bad {5+}
     C: hello
     S: c BAD …
     C: d NOOP
     S: d OK …`)
})

test('over the size of a message: NO to who asks, BYE to who does not (RFC 7888 §4)', async t => {
  const imap = await startImap(t, { maxMessageSize: 100 })
  await imap.play(`C: a APPEND INBOX {101}
     S: a NO [TOOBIG] the literal is too large
     C: b APPEND INBOX {101+}
     S: * BYE [TOOBIG] the literal is too large
     CLOSED`)
})

test('UTF-8 headers need UTF8=ACCEPT (RFC 6855 §4)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a APPEND INBOX UTF8 (~{5+}
     C: hello)
     S: a BAD UTF8=ACCEPT is not enabled
     C: b ENABLE UTF8=ACCEPT
     S: * ENABLED UTF8=ACCEPT
     S: b OK …
     C: c APPEND INBOX UTF8 (~{5}
     S: + OK
     C: hello)
     S: c OK [APPENDUID … 1] …
     C: d APPEND INBOX ~{5+}
     C: hello
     S: d OK [APPENDUID … 2] …`)
})

test('what the disk does not take is not there, and the next one is', async t => {
  const { fs, fail } = failingFs(memoryFs())
  const imap = await startImap(t, { storeOptions: { fs } })
  const wire = await openImap(imap.port)
  const append = async () => {
    wire.write('a APPEND Sent {5+}\r\nfirst {6+}\r\nsecond\r\n')
    return wire.line()
  }
  await append()
  fail('rename', 'ENOSPC')
  assert.equal(await append(), 'a NO [OVERQUOTA] there is no room left')
  // The first is in place, and goes again.
  fail('rename', 'EIO', 1)
  assert.equal(await append(), 'a NO [UNAVAILABLE] the store cannot be read or written now')
  assert.equal((await askImap(wire, 'STATUS Sent (MESSAGES)'))[0], '* STATUS Sent (MESSAGES 2)')
  assert.match((await append()) ?? '', /^a OK/)
  assert.equal((await askImap(wire, 'STATUS Sent (MESSAGES)'))[0], '* STATUS Sent (MESSAGES 4)')
  wire.destroy()
})

test('what an account keeps has a limit', async t => {
  const imap = await startImap(t, { storeOptions: { maxMessages: 2 } })
  const wire = await openImap(imap.port)
  const append = async (messages: number) => {
    wire.write(`a APPEND Sent${' {5+}\r\nhello'.repeat(messages)}\r\n`)
    return wire.line()
  }
  assert.match((await append(3)) ?? '', /^a NO \[OVERQUOTA\]/)
  assert.match((await append(2)) ?? '', /^a OK/)
  assert.match((await append(1)) ?? '', /^a NO \[OVERQUOTA\]/)
  wire.destroy()
})

test('who leaves within a message leaves nothing, and who is too slow is shown out', async t => {
  const fs = memoryFs()
  const imap = await startImap(t, { messageTimeout: 100, storeOptions: { fs } })
  const gone = await openImap(imap.port)
  gone.write(`a APPEND Sent {5+}\r\nfirst {900000+}\r\n${'x'.repeat(500_000)}`)
  gone.end()
  await gone.over()
  const slow = await openImap(imap.port)
  slow.write('a APPEND Sent {5}\r\n')
  assert.equal(await slow.line(), '+ OK')
  assert.equal(await slow.line(), '* BYE idle for too long')
  const wire = await openImap(imap.port)
  assert.equal((await askImap(wire, 'STATUS Sent (MESSAGES)'))[0], '* STATUS Sent (MESSAGES 0)')
  wire.destroy()
})
