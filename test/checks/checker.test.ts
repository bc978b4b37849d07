import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { Checker, type CheckerOptions } from '../../server/checks/checker.ts'
import { groups } from '../../server/checks/groups.ts'
import { htmlMail } from '../helpers/checked.ts'

const open = (test: TestContext, options?: CheckerOptions): Checker => {
  const checker = new Checker(options)
  test.after(() => checker.close())
  return checker
}
const mail = htmlMail('<a href="">x</a>')
const source = async () => ({ bytes: mail })
/** Quick to be read, and seconds of work for the last checks: many declarations, each another. */
const slow = htmlMail(
  Array.from(
    { length: 8_000 },
    (_, at) =>
      `<b style="${Array.from({ length: 20 }, (_, each) => `margin:${at}.${each}px`).join(';')}">x</b>`,
  ).join(''),
)
const large = htmlMail('<br>'.repeat(200_000))

test('mails are checked one after the other; who asks for the same waits for the same', async t => {
  const checker = open(t)
  let asked = 0
  const counting = () => {
    asked++
    return source()
  }
  const all = await Promise.all([1, 2, 1, 3].map(id => checker.check(id, counting)))
  assert.equal(asked, 3)
  assert.equal(all[0], all[2])
  for (const { state, groups: told } of all) {
    assert.equal(state, 'done')
    assert.equal(told.length, groups.length)
  }
  assert.equal(await checker.check(2, counting), all[1], 'it is kept')
  assert.equal(asked, 3)
})

test('the results used last are kept, up to a limit', async t => {
  const checker = open(t, { cacheLimit: 15_000 })
  let asked = 0
  const counting = () => {
    asked++
    return source()
  }
  const { length } = JSON.stringify(await checker.check(1, counting))
  assert.ok(length * 2 < 15_000 && length * 3 > 15_000, `${length}`)
  for (const id of [2, 1, 3, 4, 5]) await checker.check(id, counting)
  assert.equal(asked, 5)
  await checker.check(5, counting)
  assert.equal(asked, 5)
  await checker.check(1, counting)
  assert.equal(asked, 6)
})

test('the results for a message that has gone are let go, and make room', async t => {
  const checker = open(t, { cacheLimit: 15_000 })
  let asked = 0
  const counting = () => {
    asked++
    return source()
  }
  for (const id of [1, 2]) await checker.check(id, counting)
  checker.forget([1, 3])
  for (const id of [2, 4, 2]) await checker.check(id, counting)
  assert.equal(asked, 3)
  await checker.check(1, counting)
  assert.equal(asked, 4)
})

test('a mail that takes too long is answered with what was found, and costs no other', async t => {
  const cutAfter = async (timeout: number) => {
    const checker = open(t, { timeout })
    await checker.check(0, source)
    const [cut, whole] = await Promise.all([
      checker.check(1, async () => ({ bytes: slow })),
      checker.check(2, source),
    ])
    assert.equal(whole.state, 'done')
    const last = cut.groups.at(-1)
    assert.deepEqual([last?.state, last?.reason], ['failed', `It took more than ${timeout} ms.`])
    return cut
  }
  let timeout = 250
  let cut = await cutAfter(timeout)
  // A machine that is busy takes as long to read the mail.
  while (cut.state === 'failed' && timeout < 8_000) {
    timeout *= 2
    cut = await cutAfter(timeout)
  }
  assert.equal(cut.state, 'partial')
  assert.equal(cut.groups[0]?.state, 'done')
})

test('a mail that brings the worker down is told, and tried again', async t => {
  const checker = open(t, { maxHeap: 24 })
  const broken = await checker.check(1, async () => ({ bytes: large }))
  assert.notEqual(broken.state, 'done')
  assert.match(broken.groups.at(-1)?.reason ?? '', /memory|heap/i)
  assert.equal((await checker.check(2, source)).state, 'done')
  assert.equal((await checker.check(1, source)).state, 'done')
})

test('a file that cannot be read fails, and an error of the source is the answer', async t => {
  const checker = open(t)
  const missing = await checker.check(1, async () => ({ path: '/no/such.eml', start: 0 }))
  assert.equal(missing.state, 'failed')
  assert.match(missing.groups[0]?.reason ?? '', /ENOENT/)
  const gone = new Error('gone')
  await assert.rejects(
    checker.check(2, () => Promise.reject(gone)),
    gone,
  )
})

test('an idle worker ends, and another begins', async t => {
  const checker = open(t, { idle: 1 })
  const started = once(process, 'worker')
  await checker.check(1, source)
  const [worker] = await started
  // An idle worker keeps no process alive, nor this one.
  const alive = setInterval(() => {}, 1_000)
  await once(worker, 'exit')
  clearInterval(alive)
  assert.equal((await checker.check(2, source)).state, 'done')
})

test('close settles what is under way, and nothing comes after', async () => {
  const checker = new Checker()
  const waiting = Promise.allSettled([1, 2].map(id => checker.check(id, source)))
  await new Promise(setImmediate)
  await checker.close()
  for (const { status } of await waiting) assert.equal(status, 'rejected')
  await assert.rejects(checker.check(3, source), /closed/)
})
