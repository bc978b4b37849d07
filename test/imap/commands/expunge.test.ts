import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

const setUp = async (t: Parameters<typeof startImap>[0], count: number) => {
  const imap = await startImap(t)
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

test('the example of RFC 9051 §6.4.3: messages 3, 4, 7 and 11', async t => {
  const { ask, open } = await setUp(t, 11)
  const other = await open()
  await ask('STORE 3,4,7,11 +FLAGS.SILENT (\\Deleted)')
  const gone = ['* 3 EXPUNGE', '* 3 EXPUNGE', '* 5 EXPUNGE', '* 8 EXPUNGE']
  assert.deepEqual(await ask('EXPUNGE'), [...gone, 'OK EXPUNGE completed'])
  assert.deepEqual(await other('NOOP'), [...gone, 'OK NOOP completed'])
  assert.deepEqual(await ask('EXPUNGE'), ['OK EXPUNGE completed'])
})

test('UID EXPUNGE takes only what it names (RFC 4315 §2.1)', async t => {
  const { ask } = await setUp(t, 5)
  await ask('STORE 1:3 +FLAGS.SILENT (\\Deleted)')
  assert.deepEqual(await ask('UID EXPUNGE 2:4'), [
    '* 2 EXPUNGE',
    '* 2 EXPUNGE',
    'OK UID EXPUNGE completed',
  ])
  assert.deepEqual((await ask('UID FETCH 1:* FLAGS')).slice(0, -1), [
    '* 1 FETCH (UID 1 FLAGS (\\Deleted))',
    '* 2 FETCH (UID 4 FLAGS ())',
    '* 3 FETCH (UID 5 FLAGS ())',
  ])
})

test('VANISHED with QRESYNC (RFC 7162 §3.2.7)', async t => {
  const { ask } = await setUp(t, 4)
  await ask('ENABLE QRESYNC')
  await ask('STORE 1:2,4 +FLAGS.SILENT (\\Deleted)')
  assert.match(
    (await ask('UID EXPUNGE 1:4')).join('\n'),
    /^\* VANISHED 1:2,4\nOK \[HIGHESTMODSEQ \d+\]/,
  )
  assert.deepEqual(await ask('EXPUNGE'), ['OK EXPUNGE completed'])
})

test('CLOSE removes without a word, UNSELECT and SELECT do not (RFC 9051 §6.4.1, §6.4.2)', async t => {
  const { ask, imap } = await setUp(t, 3)
  await ask('STORE 1 +FLAGS.SILENT (\\Deleted)')
  assert.deepEqual(await ask('UNSELECT'), ['OK UNSELECT completed'])
  assert.equal(imap.store.total, 3)
  await ask('SELECT INBOX')
  await ask('SELECT Sent')
  assert.equal(imap.store.total, 3)
  await ask('EXAMINE INBOX')
  assert.deepEqual(await ask('CLOSE'), ['OK CLOSE completed'])
  assert.equal(imap.store.total, 3)
  await ask('SELECT INBOX')
  assert.deepEqual(await ask('CLOSE'), ['OK CLOSE completed'])
  assert.equal(imap.store.total, 2)
  assert.deepEqual(await ask('CLOSE'), ['BAD no mailbox is selected'])
})

test('a message that came and went before the client was told is not spoken of', async t => {
  const { ask, imap } = await setUp(t, 1)
  const ids = await imap.deliver('new', 'newer')
  await imap.store.remove(ids.slice(0, 1))
  assert.deepEqual(await ask('NOOP'), ['* 2 EXISTS', '* 1 RECENT', 'OK NOOP completed'])
})

test('--no-delete: nothing is taken away', async t => {
  const imap = await startImap(t, { allowDelete: false })
  await imap.deliver('one')
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  await askImap(wire, 'STORE 1 +FLAGS (\\Deleted)')
  for (const command of [
    'EXPUNGE',
    'UID EXPUNGE 1',
    'MOVE 1 Trash',
    'DELETE Sent',
    'RENAME INBOX x',
  ]) {
    assert.deepEqual(
      await askImap(wire, command),
      ['NO [NOPERM] deleting is switched off'],
      command,
    )
  }
  assert.match((await askImap(wire, 'COPY 1 Trash')).join(), /^OK/)
  assert.deepEqual(await askImap(wire, 'CLOSE'), ['OK CLOSE completed'])
  assert.equal(imap.store.total, 1)
  wire.destroy()
})
