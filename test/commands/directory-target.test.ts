import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { openDirectory } from '../../server/commands/directory-target.ts'
import { type NewMessage, RefusedError } from '../../server/commands/target.ts'
import { UsageError } from '../../server/options.ts'
import { LockedError } from '../../server/store/lock.ts'
import { makeFolder } from '../helpers/commands.ts'
import { mail } from '../helpers/http-server.ts'

const folder = makeFolder()
after(folder.remove)

const usual = { maxMessageSize: null, fsync: false, mayMake: false }
const report = { warn: (text: string) => assert.fail(text) }

const message = (octets: Buffer): NewMessage => ({
  size: octets.length,
  octets: async function* () {
    for (let at = 0; at < octets.length; at += 10) yield octets.subarray(at, at + 10)
  },
})

test('octets in, octets out, marks, a search', async () => {
  const data = folder.in('data')
  const target = await openDirectory(
    data,
    { ...usual, maxMessageSize: 100_000, mayMake: true },
    report,
  )
  const mails = [mail('one'), mail('two', 'x\0\xff\r'), ''].map(text => Buffer.from(text, 'latin1'))
  for (const each of mails) {
    const id = await target.add(message(each))
    assert.deepEqual(await buffer((await target.raw(id)) ?? assert.fail()), each)
  }
  await assert.rejects(target.add(message(Buffer.alloc(100_001))), RefusedError)
  await target.mark([1], { unread: false })
  await target.mark([2], { flagged: true })
  const ids = async (q: string | null) => (await target.list(q)).map(({ id }) => id)
  assert.deepEqual(await ids(null), [1, 2, 3])
  assert.deepEqual(await ids('is:read'), [1])
  assert.deepEqual(await ids('is:flagged'), [2])
  assert.deepEqual(await ids('subject:two'), [2])
  await assert.rejects(target.list('OR'), UsageError)
  assert.equal(await target.raw(4), null)
  await assert.rejects(openDirectory(data, usual, report), LockedError)
  await target.close()
  const again = await openDirectory(data, usual, report)
  assert.deepEqual(
    (await again.list(null)).map(({ size, from }) => [size, from]),
    [
      [mails[0]?.length, 'app@example.com'],
      [mails[1]?.length, 'app@example.com'],
      [0, ''],
    ],
  )
  await again.close()
})

test('nothing is made where there is nothing to read', async () => {
  await assert.rejects(openDirectory(folder.in('nowhere'), usual, report), /there is no inbox/)
  assert.equal(existsSync(folder.in('nowhere')), false)
})
