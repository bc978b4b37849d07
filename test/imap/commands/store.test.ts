import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

const setUp = async (t: Parameters<typeof startImap>[0], count: number) => {
  const imap = await startImap(t)
  await imap.deliver(...Array.from({ length: count }, (_, at) => `message ${at + 1}`))
  const open = async (enable = '') => {
    const wire = await openImap(imap.port)
    t.after(() => wire.destroy())
    if (enable !== '') await askImap(wire, `ENABLE ${enable}`)
    await askImap(wire, 'SELECT INBOX')
    await askImap(wire, 'SELECT INBOX')
    return (command: string) => askImap(wire, command)
  }
  return { imap, open, ask: await open() }
}

test('flags are replaced, added and taken away (RFC 9051 §6.4.6)', async t => {
  const { ask } = await setUp(t, 4)
  await ask('STORE 2 FLAGS (\\Seen)')
  await ask('STORE 4 FLAGS \\Flagged \\Seen')
  assert.deepEqual(await ask('STORE 2:4 +FLAGS (\\Deleted)'), [
    '* 2 FETCH (FLAGS (\\Deleted \\Seen))',
    '* 3 FETCH (FLAGS (\\Deleted))',
    '* 4 FETCH (FLAGS (\\Deleted \\Flagged \\Seen))',
    'OK STORE completed',
  ])
  assert.deepEqual(await ask('UID STORE 3:99 -FLAGS (\\deleted \\answered)'), [
    '* 3 FETCH (UID 3 FLAGS ())',
    '* 4 FETCH (UID 4 FLAGS (\\Flagged \\Seen))',
    'OK UID STORE completed',
  ])
  assert.deepEqual(await ask('STORE 1:* FLAGS.SILENT ()'), ['OK STORE completed'])
  assert.deepEqual((await ask('FETCH * FLAGS')).slice(0, 1), ['* 4 FETCH (FLAGS ())'])
  assert.deepEqual(await ask('UID STORE 99 +FLAGS (\\Seen)'), ['OK UID STORE completed'])
})

test('keywords: named in FLAGS first, and one whatever their case (RFC 9051 §9, note 1)', async t => {
  const { ask, open } = await setUp(t, 2)
  const other = await open()
  assert.deepEqual(await ask('STORE 1 +FLAGS (Todo)'), [
    '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft Todo)',
    '* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft Todo \\*)] flags that can be changed',
    '* 1 FETCH (FLAGS (Todo))',
    'OK STORE completed',
  ])
  assert.deepEqual((await other('NOOP')).slice(0, 3), [
    '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft Todo)',
    '* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft Todo \\*)] flags that can be changed',
    '* 1 FETCH (UID 1 FLAGS (Todo))',
  ])
  assert.deepEqual((await ask('STORE 2 +FLAGS (TODO)')).slice(0, 1), ['* 2 FETCH (FLAGS (Todo))'])
  assert.deepEqual((await ask('STORE 1 -FLAGS (toDO)')).slice(0, 1), ['* 1 FETCH (FLAGS ())'])
  assert.match((await ask('STORE 1 +FLAGS (\\Recent)')).join(), /^BAD/)
  assert.match((await ask('STORE 1 +FLAGS (\\Own)')).join(), /^BAD/)
})

test('a mailbox has so many keywords, and says when it takes no more (RFC 9051 §7.1)', async t => {
  const { ask } = await setUp(t, 1)
  const many = (from: number) => Array.from({ length: 250 }, (_, at) => `k${from + at}`).join(' ')
  assert.match((await ask(`STORE 1 +FLAGS.SILENT (${many(0)})`)).join('\n'), / k99 \\\*\)\]/)
  const full = (await ask(`STORE 1 +FLAGS.SILENT (${many(250)})`)).join('\n')
  assert.match(full, /^\* OK \[PERMANENTFLAGS .* k499\)\]/m)
  assert.match((await ask('STORE 1 +FLAGS.SILENT (more)')).join(), /^NO \[LIMIT\]/)
  assert.match((await ask(`STORE 1 +FLAGS.SILENT (${many(0)})`)).join(), /OK/)
})

test('others are told, who did it in silence is not (RFC 9051 §6.4.6)', async t => {
  const { ask, open } = await setUp(t, 2)
  const other = await open()
  assert.deepEqual(await ask('STORE 1 +FLAGS.SILENT (\\Seen)'), ['OK STORE completed'])
  assert.deepEqual(await other('NOOP'), ['* 1 FETCH (UID 1 FLAGS (\\Seen))', 'OK NOOP completed'])
  assert.deepEqual(await ask('NOOP'), ['OK NOOP completed'])
  // Who does not know what another did is told all the same.
  await other('STORE 2 +FLAGS.SILENT (\\Flagged)')
  assert.deepEqual(await ask('STORE 2 +FLAGS.SILENT (\\Seen)'), [
    '* 2 FETCH (FLAGS (\\Flagged \\Seen))',
    'OK STORE completed',
  ])
})

test('a mailbox that is open to be read only', async t => {
  const { ask } = await setUp(t, 1)
  await ask('EXAMINE INBOX')
  for (const command of ['STORE 1 +FLAGS (\\Seen)', 'EXPUNGE', 'UID EXPUNGE 1', 'MOVE 1 Trash']) {
    assert.match((await ask(command)).join(), /^NO \[CANNOT\]/, command)
  }
  await ask('CLOSE')
})

test('messages that another has expunged (RFC 2180 §4.2)', async t => {
  const { ask, open, imap } = await setUp(t, 5)
  const other = await open()
  await imap.store.remove([2, 4])
  assert.deepEqual(await ask('STORE 1:3 +FLAGS (\\Seen)'), [
    '* 1 FETCH (FLAGS (\\Seen))',
    '* 3 FETCH (FLAGS (\\Seen))',
    'NO [EXPUNGEISSUED] some of the messages are gone',
  ])
  assert.deepEqual(await ask('STORE 1:3 +FLAGS.SILENT (\\Seen)'), ['OK STORE completed'])
  assert.deepEqual(await ask('UID STORE 1:3 +FLAGS (\\Flagged)'), [
    '* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))',
    '* 3 FETCH (UID 3 FLAGS (\\Flagged \\Seen))',
    // A command with UIDs may tell what went.
    '* 2 EXPUNGE',
    '* 3 EXPUNGE',
    'OK UID STORE completed',
  ])
  assert.deepEqual(await other('FETCH 1:5 UID'), [
    '* 1 FETCH (UID 1)',
    '* 3 FETCH (UID 3)',
    '* 5 FETCH (UID 5)',
    '* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))',
    '* 3 FETCH (UID 3 FLAGS (\\Flagged \\Seen))',
    'OK [EXPUNGEISSUED] some of the messages are gone',
  ])
  assert.deepEqual(await other('NOOP'), ['* 2 EXPUNGE', '* 3 EXPUNGE', 'OK NOOP completed'])
})

test('sequence numbers that there are not', async t => {
  const { ask } = await setUp(t, 2)
  for (const set of ['3', '2:3', '3:*', '0', '1:0', '4294967296']) {
    assert.match((await ask(`STORE ${set} +FLAGS (\\Seen)`)).join(), /^BAD/, set)
  }
  await ask('SELECT Sent')
  assert.match((await ask('STORE * +FLAGS (\\Seen)')).join(), /^BAD/)
  assert.deepEqual(await ask('UID STORE * +FLAGS (\\Seen)'), ['OK UID STORE completed'])
})

const modseqOf = (line: string | undefined) => Number(/MODSEQ \((\d+)\)/.exec(line ?? '')?.[1])

test('UNCHANGEDSINCE leaves alone what changed, and says so (RFC 7162 §3.1.3)', async t => {
  const { ask, open } = await setUp(t, 3)
  const other = await open()
  const [, since] = await ask('FETCH 1 MODSEQ')
  assert.ok(since)
  const highest = Math.max(...(await ask('FETCH 1:3 MODSEQ')).slice(0, -1).map(modseqOf))
  await other('STORE 2 +FLAGS (\\Answered)')
  const lines = await ask(`STORE 1:3 (UNCHANGEDSINCE ${highest}) +FLAGS.SILENT (\\Deleted)`)
  assert.deepEqual(
    lines.map(line => line.replace(/MODSEQ \(\d+\)/, 'MODSEQ')),
    [
      '* 1 FETCH (UID 1 MODSEQ)',
      '* 2 FETCH (UID 2 FLAGS (\\Answered) MODSEQ)',
      '* 3 FETCH (UID 3 MODSEQ)',
      'OK [MODIFIED 2] some of the messages had changed',
    ],
  )
  const failed = await ask(`UID STORE 2 (UNCHANGEDSINCE ${highest}) FLAGS (\\Seen)`)
  assert.equal(failed.at(-1), 'OK [MODIFIED 2] some of the messages had changed')
  const none = await ask('STORE 3 (UNCHANGEDSINCE 0) +FLAGS.SILENT ($MDNSent)')
  assert.equal(none.at(-1), 'OK [MODIFIED 3] some of the messages had changed')
})

test('the first command that knows of mod-sequences is told the highest (RFC 7162 §3.1, example 5)', async t => {
  const { ask } = await setUp(t, 1)
  const lines = await ask('STORE 1 (UNCHANGEDSINCE 9999999999) -FLAGS.SILENT (\\Deleted)')
  assert.match(lines[0] ?? '', /^\* OK \[HIGHESTMODSEQ \d+\]/)
  assert.match(lines[1] ?? '', /^\* 1 FETCH \(UID 1 MODSEQ \(\d+\)\)$/)
})

test('a change that is none leaves the mod-sequence (RFC 7162 §3.1.11)', async t => {
  const { open } = await setUp(t, 1)
  const ask = await open('CONDSTORE')
  const first = modseqOf((await ask('STORE 1 +FLAGS (\\Seen)'))[0])
  assert.equal(modseqOf((await ask('STORE 1 +FLAGS (\\Seen)'))[0]), first)
  assert.ok(modseqOf((await ask('STORE 1 -FLAGS (\\Seen)'))[0]) > first)
})

test('while removals are held back, so is HIGHESTMODSEQ (RFC 7162 §6)', async t => {
  const { imap, open } = await setUp(t, 3)
  const ask = await open('QRESYNC')
  await imap.store.remove([2])
  const lines = await ask('STORE 1 +FLAGS (\\Seen)')
  const modseq = modseqOf(lines[0])
  const held = Number(/^\* OK \[HIGHESTMODSEQ (\d+)\]/.exec(lines[1] ?? '')?.[1])
  assert.ok(held < modseq - 1, `${held} is below the removal, which is below ${modseq}`)
  const after = await ask('NOOP')
  assert.equal(after[0], '* VANISHED 2')
  assert.equal(Number(/^\* OK \[HIGHESTMODSEQ (\d+)\]/.exec(after[1] ?? '')?.[1]), modseq)
})

test('what the browser reads is read here, and the other way (design §4)', async t => {
  const { ask, imap } = await setUp(t, 2)
  await imap.store.update([1], { unread: false, flagged: true })
  assert.deepEqual(await ask('NOOP'), [
    '* 1 FETCH (UID 1 FLAGS (\\Flagged \\Seen))',
    'OK NOOP completed',
  ])
  await ask('STORE 2 +FLAGS (\\Seen)')
  assert.equal(imap.store.unread, 0)
})

test('thousands of messages are changed in steps, each told once and tested by what it was before', async t => {
  const count = 2_003
  const { ask } = await setUp(t, count)
  const told = await ask('STORE 1:* +FLAGS (\\Flagged)')
  const expected = (at: number) => `* ${at + 1} FETCH (FLAGS (\\Flagged))`
  assert.deepEqual(told, [
    ...Array.from({ length: count }, (_, at) => expected(at)),
    'OK STORE completed',
  ])
  const fetched = await ask(`FETCH ${count} (MODSEQ)`)
  const modseq = Number(/MODSEQ \((\d+)\)/.exec(fetched.join())?.[1])
  await ask('STORE 7,2002 +FLAGS (\\Seen)')
  const answer = await ask(`STORE 1:* (UNCHANGEDSINCE ${modseq}) +FLAGS.SILENT (\\Answered)`)
  assert.equal(answer.at(-1), 'OK [MODIFIED 7,2002] some of the messages had changed')
  assert.equal((await ask('SEARCH ANSWERED'))[0]?.split(' ').length, count)
})
