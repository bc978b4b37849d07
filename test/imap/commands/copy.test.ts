import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

const setUp = async (t: Parameters<typeof startImap>[0], count: number, options = {}) => {
  const imap = await startImap(t, options)
  await imap.deliver(...Array.from({ length: count }, (_, at) => `message ${at + 1}`))
  const open = async () => {
    const wire = await openImap(imap.port)
    t.after(() => wire.destroy())
    await askImap(wire, 'SELECT INBOX')
    await askImap(wire, 'SELECT INBOX')
    return (command: string) => askImap(wire, command)
  }
  return { imap, open, ask: await open() }
}

test('copies keep flags and dates, and get new UIDs (RFC 9051 §6.4.7)', async t => {
  const { ask } = await setUp(t, 4)
  await ask('STORE 3 FLAGS (\\Seen Todo)')
  const [date] = await ask('FETCH 3 INTERNALDATE')
  assert.match(
    (await ask('COPY 2:4 Archive')).join(),
    /^OK \[COPYUID \d+ 2:4 5:7\] COPY completed$/,
  )
  assert.match((await ask('UID COPY 1,4 Archive')).join(), /^OK \[COPYUID \d+ 1,4 8:9\]/)
  assert.deepEqual(await ask('UID COPY 305:310 Archive'), ['OK no messages were copied'])
  const selected = await ask('SELECT Archive')
  assert.ok(selected.includes('* 5 EXISTS'))
  assert.ok(selected.includes('* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft Todo)'))
  assert.deepEqual((await ask('FETCH 2 (FLAGS)'))[0], '* 2 FETCH (FLAGS (Todo \\Seen \\Recent))')
  assert.equal((await ask('FETCH 2 INTERNALDATE'))[0], date?.replace('* 3', '* 2'))
})

test('a mailbox that there is not asks for CREATE', async t => {
  const { ask } = await setUp(t, 1)
  for (const command of ['COPY', 'UID COPY', 'MOVE', 'UID MOVE']) {
    const answer = await ask(`${command} 1 nowhere`)
    assert.deepEqual(answer, ['NO [TRYCREATE] there is no such mailbox'])
  }
})

test('into the mailbox itself', async t => {
  const { ask } = await setUp(t, 2)
  const copied = await ask('COPY 1 INBOX')
  assert.deepEqual(copied.slice(0, 2), ['* 3 EXISTS', '* 1 RECENT'])
  assert.match(copied[2] ?? '', /^OK \[COPYUID \d+ 1 3\]/)
  // RFC 9051 §6.4.8 allows that too.
  const moved = await ask('MOVE 2 INBOX')
  assert.match(moved[0] ?? '', /^\* OK \[COPYUID \d+ 2 4\]/)
  assert.deepEqual(moved.slice(1), ['* 2 EXPUNGE', '* 3 EXISTS', '* 2 RECENT', 'OK MOVE completed'])
})

test('MOVE says where to before it says what went (RFC 9051 §6.4.8)', async t => {
  const { ask, open } = await setUp(t, 5)
  const other = await open()
  await ask('STORE 2 +FLAGS (\\Flagged)')
  const lines = await ask('UID MOVE 2:3 Archive')
  assert.match(lines[0] ?? '', /^\* OK \[COPYUID \d+ 2:3 6:7\]/)
  assert.deepEqual(lines.slice(1), ['* 2 EXPUNGE', '* 2 EXPUNGE', 'OK UID MOVE completed'])
  // It changed before it went: who never knew need not.
  assert.deepEqual(await other('NOOP'), ['* 2 EXPUNGE', '* 2 EXPUNGE', 'OK NOOP completed'])
  assert.equal((await ask('STATUS Archive (MESSAGES)'))[0], '* STATUS Archive (MESSAGES 2)')
  assert.deepEqual(await ask('UID MOVE 2 Archive'), ['OK no messages were moved'])
})

test('MOVE where VANISHED is spoken (RFC 6851 §4.4)', async t => {
  const { ask } = await setUp(t, 3)
  await ask('ENABLE QRESYNC')
  const lines = await ask('MOVE 1,3 Trash')
  assert.match(
    lines.join('\n'),
    /^\* OK \[COPYUID .*\n\* VANISHED 1,3\nOK \[HIGHESTMODSEQ \d+\] MOVE completed$/,
  )
})

test('where one of the messages is gone, nothing is copied (RFC 2180 §4.4)', async t => {
  const { ask, imap } = await setUp(t, 3)
  await imap.store.remove([2])
  assert.deepEqual(await ask('COPY 1:3 Archive'), [
    '* 2 EXPUNGE',
    'NO [EXPUNGEISSUED] some of the messages are gone',
  ])
  assert.equal((await ask('STATUS Archive (MESSAGES)'))[0], '* STATUS Archive (MESSAGES 0)')
  assert.match((await ask('COPY 1:2 Archive')).join(), /^OK \[COPYUID \d+ 1,3 /)
})

test('all or nothing where there is no room', async t => {
  const { ask } = await setUp(t, 4, { storeOptions: { maxMessages: 4 } })
  assert.match((await ask('COPY 1:2 Archive')).join(), /^OK/)
  assert.match((await ask('COPY 1:3 Archive')).join(), /^NO \[OVERQUOTA\]/)
  assert.equal((await ask('STATUS Archive (MESSAGES)'))[0], '* STATUS Archive (MESSAGES 2)')
})
