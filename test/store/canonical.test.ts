import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { canonicalSize, MailStore } from '../../server/store/mail-store.ts'
import { usualStore } from '../helpers/store.ts'

const RAW = Buffer.from('Subject: a\nTo: b\r\n\rbody\r\n')
const CANONICAL = 'Subject: a\r\nTo: b\r\n\r\nbody\r\n'

const opened = async (t: TestContext, directory: string | null) => {
  const store = await MailStore.open({ ...usualStore, directory })
  t.after(() => store.close())
  const arrival = store.receive({ envelope: { mailFrom: '', rcptTo: ['a@b'] }, listener: 'smtp' })
  await arrival.write(RAW)
  const { message, number } = await arrival.commit()
  return { store, message, number }
}

for (const kind of ['on the disk', 'in memory'] as const) {
  test(`a message is opened in its canonical form, and read piece by piece: ${kind}`, async t => {
    const directory =
      kind === 'in memory' ? null : await mkdtemp(join(tmpdir(), 'mailcatch-canonical-'))
    const { store, message, number } = await opened(t, directory)
    if (directory) t.after(() => rm(directory, { recursive: true }))
    const open = await store.openCanonical(message)
    assert.equal(open.size, CANONICAL.length)
    assert.equal(open.size, canonicalSize(message))
    for (const [start, end] of [
      [0, open.size],
      [3, 12],
      [5, 5],
      [open.size, open.size],
    ] as const) {
      const expected = CANONICAL.slice(start, end)
      assert.equal(open.readNow(start, end).toString(), expected)
      assert.equal((await open.read(start, end)).toString(), expected)
    }
    // Nobody gets fewer octets than he was promised.
    assert.throws(() => open.readNow(0, open.size + 1), /shorter/)
    await assert.rejects(open.read(1, open.size + 1), /shorter/)

    await store.remove([number])
    await assert.rejects(gone(store, message), { code: 'ENOENT' })
    assert.equal(open.readNow(0, 7).toString(), 'Subject', 'what is open stays')
    open.close()
  })
}

/** Opens the message again and again until its file is gone, which it is in the background. */
const gone = async (
  store: MailStore,
  message: Parameters<MailStore['openCanonical']>[0],
): Promise<never> => {
  for (;;) {
    ;(await store.openCanonical(message)).close()
    await new Promise(setImmediate)
  }
}
