import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { openTarget } from '../../server/commands/open-target.ts'
import { startMailcatch } from '../../server/mailcatch.ts'
import { takeLock } from '../../server/store/lock.ts'
import { makeFolder } from '../helpers/commands.ts'

const folder = makeFolder()
after(folder.remove)

const report = { warn: (text: string) => assert.fail(text) }
const open = (options: { url?: string; data?: string }, mayMake = true) =>
  openTarget({ url: null, data: folder.in('unused'), auth: null, ...options }, report, mayMake)

test('a data directory that nobody has is opened itself', async () => {
  const data = folder.in('free')
  const target = await open({ data })
  assert.equal(target.name, data)
  assert.equal(target.limits, null)
  await target.close()
  await (await takeLock(data)).release()
})

test('one that a running Mailcatch has is reached by way of that', async () => {
  const data = folder.in('served')
  await using mailcatch = await startMailcatch({ data, basePath: '/mail/', maxMessages: 7 })
  const target = await open({ data }, false)
  assert.equal(target.name, mailcatch.url)
  assert.equal(target.limits?.maxMessages, 7)
  assert.deepEqual(await target.list(null), [])
  await target.close()
})

/** Whoever has a directory and says that its inbox is at this URL. */
async function held(name: string, url: string, expected: RegExp) {
  const data = folder.in(name)
  await (await open({ data })).close()
  const lock = await takeLock(data)
  lock.announce(url)
  try {
    await assert.rejects(open({ data }), (error: unknown) => {
      assert.ok(error instanceof CommandError)
      assert.match(error.message, expected)
      assert.equal(error.exitCode, 3)
      return true
    })
  } finally {
    await lock.release()
  }
}

test('one that is taken without an inbox to talk to: who has it', async () => {
  await held('silent', '', /silent is in use by pid \d+ since [^;]+$/)
})

test('another machine is not spoken to unless its URL was given', async () => {
  await held(
    'elsewhere',
    'http://192.0.2.1:8025/',
    /; --url http:\/\/192\.0\.2\.1:8025\/ talks to it$/,
  )
  await held('named', 'http://mail.example.com/', /; --url http:\/\/mail\.example\.com\/ talks/)
})
