import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { type Outlet, openFolder, openMbox } from '../../server/commands/outlets.ts'
import { RefusedError } from '../../server/commands/target.ts'
import { makeFolder } from '../helpers/commands.ts'

const folder = makeFolder()
after(folder.remove)

const message = (id: number, size: number) => ({ id, size, receivedAt: 0, from: 'a@b' })

/** Octets of a message; those of one that breaks off end with an error. */
const octets = (text: string, breaksOff = false) =>
  async function* () {
    yield Buffer.from(text)
    if (breaksOff) throw new RefusedError('broken off')
  }

const put = (outlet: Outlet, id: number, text: string, breaksOff = false) =>
  outlet.put(message(id, text.length), async () => octets(text, breaksOff)())

test('a folder: a file for each message; what is there is not fetched again', async () => {
  const path = folder.in('deep', 'folder')
  const outlet = await openFolder(path)
  assert.equal(await put(outlet, 1, 'one'), 'written')
  assert.equal(await put(outlet, 2, ''), 'written')
  assert.equal(await outlet.put(message(3, 5), async () => null), 'gone')
  await assert.rejects(put(outlet, 4, 'four', true), RefusedError)
  await outlet.finish()
  await outlet.close()
  assert.deepEqual(readdirSync(path), ['1.eml', '2.eml'])
  const again = await openFolder(path)
  const never = async () => assert.fail('nobody needs it')
  assert.equal(await again.put(message(1, 3), never), 'present')
  assert.equal(await again.put(message(2, 0), never), 'present')
})

test('a folder: an empty file is written anew, one of another size is left alone', async () => {
  const path = folder.in('other')
  mkdirSync(path)
  writeFileSync(folder.in('other', '1.eml'), '')
  writeFileSync(folder.in('other', '2.eml'), "somebody's own")
  mkdirSync(folder.in('other', '3.eml'))
  const outlet = await openFolder(path)
  assert.equal(await put(outlet, 1, 'one'), 'written')
  await assert.rejects(put(outlet, 2, 'two'), /2\.eml is something else, and not overwritten/)
  await assert.rejects(put(outlet, 3, 'three'), RefusedError)
  assert.equal(readFileSync(folder.in('other', '1.eml'), 'utf8'), 'one')
  assert.equal(readFileSync(folder.in('other', '2.eml'), 'utf8'), "somebody's own")
})

test('an mbox: whole messages only, and there once it is finished', async () => {
  const path = folder.in('a.mbox')
  const outlet = await openMbox(path)
  assert.equal(await put(outlet, 1, 'one'), 'written')
  await assert.rejects(put(outlet, 2, 'x'.repeat(600_000), true), RefusedError)
  assert.equal(await outlet.put(message(3, 5), async () => null), 'gone')
  assert.equal(await put(outlet, 4, 'four'), 'written')
  assert.equal(existsSync(path), false)
  await outlet.finish()
  await outlet.close()
  assert.equal(
    readFileSync(path, 'utf8'),
    'From a@b Thu Jan  1 00:00:00 1970 octets=3\none\n\n' +
      'From a@b Thu Jan  1 00:00:00 1970 octets=4\nfour\n\n',
  )
})

test('an mbox: takes the place of an mbox or nothing, and only once it is finished', async () => {
  const path = folder.in('a.mbox')
  const before = readFileSync(path)
  const abandoned = await openMbox(path)
  await put(abandoned, 1, 'other')
  await abandoned.close()
  assert.deepEqual(readFileSync(path), before)
  const empty = await openMbox(path)
  await empty.finish()
  assert.equal(readFileSync(path, 'utf8'), '')
  await (await openMbox(path)).close()
  writeFileSync(path, 'my diary')
  for (const other of [path, folder.path]) {
    await assert.rejects(openMbox(other), (error: unknown) => {
      return (
        error instanceof CommandError && error.message.endsWith('is no mbox, and not overwritten')
      )
    })
  }
  assert.equal(readFileSync(path, 'utf8'), 'my diary')
})
