import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clock } from '../../server/inboxes/clock.ts'
import { type InboxesOptions, type Listener, LiveInboxes } from '../../server/inboxes/inboxes.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { MailboxError } from '../../server/store/store-error.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { put } from '../helpers/http-server.ts'
import { usualStore } from '../helpers/store.ts'

const open = (fs = memoryFs()) =>
  MailStore.open({
    ...usualStore,
    directory: '/data',
    fs,
  })

/** A clock that is wound by hand; `alarms` are the times that it has been asked to wake up at. */
const clockAt = (start: number) => {
  const alarms: { at: number; wake: () => void }[] = []
  const clock: Clock & { time: number } = {
    time: start,
    now: () => clock.time,
    after(milliseconds, wake) {
      const alarm = { at: clock.time + milliseconds, wake }
      alarms.push(alarm)
      return () => {
        if (alarms.includes(alarm)) alarms.splice(alarms.indexOf(alarm), 1)
      }
    },
  }
  const wind = (to: number) => {
    clock.time = to
    for (const alarm of alarms.filter(({ at }) => at <= to)) {
      alarms.splice(alarms.indexOf(alarm), 1)
      alarm.wake()
    }
  }
  return { clock, alarms, wind }
}

const run = (store: MailStore, more: Partial<InboxesOptions> = {}) => {
  const logged: string[] = []
  const log = {
    info: () => {},
    warn: (line: string) => logged.push(line),
    error: (line: string) => logged.push(line),
  }
  const listen = (): Promise<Listener> => Promise.reject(new Error('no SMTP here'))
  const options = { store, listen, allowDelete: true, keepFlagged: false, log, ...more }
  return LiveInboxes.open(options).then(inboxes => ({ inboxes, logged }))
}

const wish = (name: string, seconds: number, hasListener = false) => ({
  ...{ name, timeToLive: seconds * 1_000, hasListener },
  ...{ addresses: [], domains: [], tags: [] },
})

/** Resolves when a message is gone. */
const gone = (store: MailStore, id: number) =>
  new Promise<void>(resolve => {
    if (!store.entry(id)) return resolve()
    const stop = store.subscribe(() => {
      if (store.entry(id)) return
      stop()
      resolve()
    })
  })

test('an address, a login and an id that nobody can guess', async () => {
  const store = await open()
  const { inboxes } = await run(store)
  const names = ['Sign up: Ärger & Zoë!', '', '日本', '-'.repeat(50), 'x'.repeat(100), '../..']
  const made = await Promise.all(names.map(name => inboxes.make(wish(name, 60))))
  const slugs = ['sign-up-arger-zoe', 'inbox', 'inbox', 'inbox', 'x'.repeat(40), 'inbox']
  for (const [at, { id, name, password }] of made.entries()) {
    assert.match(id, new RegExp(`^${slugs[at]}-[a-z0-9]{12}$`))
    assert.match(password, /^[a-z0-9]{24}$/)
    assert.equal(name, names[at] || id)
  }
  assert.equal(new Set(made.map(({ password }) => password)).size, names.length)
  await inboxes.close()
  await store.close()
})

test('one alarm, for whichever expires first', async () => {
  const { clock, alarms, wind } = clockAt(1_000_000)
  const store = await open()
  const { inboxes } = await run(store, { clock })
  assert.equal(alarms.length, 0, 'nothing expires, nobody looks')
  const [late, soon] = [await inboxes.make(wish('late', 60)), await inboxes.make(wish('soon', 10))]
  const mail = async ({ id }: { id: string }) =>
    put(store, 'Subject: x\r\n\r\n', {
      envelope: { mailFrom: '', rcptTo: [`${id}@inbox.mailcatch.test`] },
    })
  const [first, second, other] = [await mail(soon), await mail(late), await put(store, 'x')]
  assert.deepEqual(
    alarms.map(({ at }) => at),
    [1_010_000],
  )
  wind(1_009_999)
  assert.ok(store.inboxes.get(soon.id))
  wind(1_010_000)
  assert.equal(store.inboxes.get(soon.id), undefined, 'from that moment on')
  await gone(store, first)
  assert.deepEqual(await store.match({}), [second, other])
  await new Promise(setImmediate)
  assert.deepEqual(
    alarms.map(({ at }) => at),
    [1_060_000],
  )
  assert.equal(await inboxes.end(late.id), 1)
  assert.equal(await inboxes.end(late.id), 0)
  assert.deepEqual(await store.match({}), [other])
  wind(1_060_000)
  await inboxes.close()
  assert.equal(alarms.length, 0)
  await store.close()
})

test('what expires while nothing runs is gone at the next start', async () => {
  const fs = memoryFs()
  const first = clockAt(0)
  let store = await open(fs)
  let { inboxes } = await run(store, { clock: first.clock })
  const { id } = await inboxes.make(wish('one', 10))
  const kept = await inboxes.make(wish('two', 20))
  await put(store, 'x', { inboxes: [id] })
  const second = await put(store, 'x', { inboxes: [kept.id] })
  await inboxes.close()
  await store.close()
  store = await open(fs)
  const { clock, alarms } = clockAt(15_000)
  inboxes = (await run(store, { clock })).inboxes
  assert.deepEqual(
    store.inboxes.all().map(inbox => inbox.id),
    [kept.id],
  )
  assert.deepEqual(await store.match({}), [second])
  assert.deepEqual(
    alarms.map(({ at }) => at),
    [20_000],
  )
  await inboxes.close()
  await store.close()
})

test('where nothing may be deleted, mail outlives its inbox; where flagged mail stays, that does', async () => {
  const { clock, wind } = clockAt(0)
  for (const [options, left] of [
    [{ allowDelete: false }, 2],
    [{ keepFlagged: true }, 1],
    [{}, 0],
  ] as const) {
    const store = await open()
    const { inboxes } = await run(store, { clock, ...options })
    const { id } = await inboxes.make(wish('one', 10))
    await put(store, 'x', { inboxes: [id] })
    await store.update([await put(store, 'x', { inboxes: [id] })], { flagged: true })
    wind(clock.time + 10_000)
    await inboxes.close()
    assert.equal(store.inboxes.get(id), undefined)
    assert.equal(store.total, left)
    await store.close()
  }
})

test('an end that fails is tried again', async () => {
  const { clock, alarms, wind } = clockAt(0)
  const { fs, fail, reset } = failingFs(memoryFs())
  const store = await open(fs)
  const { inboxes, logged } = await run(store, { clock })
  const { id } = await inboxes.make(wish('one', 10))
  fail('write', 'EIO', 100)
  wind(10_000)
  while (alarms.length === 0) await new Promise(setImmediate)
  assert.deepEqual(logged, ['inboxes have expired, and could not be ended'])
  assert.deepEqual(
    alarms.map(({ at }) => at),
    [20_000],
  )
  reset()
  wind(20_000)
  await inboxes.close()
  assert.equal(store.inboxes.get(id), undefined)
  await store.close()
})

test('listeners: a bounded number, closed with their inboxes, opened again after a restart', async () => {
  const fs = memoryFs()
  let store = await open(fs)
  const opened = new Map<number, string>()
  let next = 2_000
  const listen = async (port: number, id: string): Promise<Listener> => {
    if (opened.has(port)) throw new Error(`port ${port} is in use`)
    const chosen = port || next++
    opened.set(chosen, id)
    return {
      port: chosen,
      close: async () => {
        opened.delete(chosen)
      },
    }
  }
  let { inboxes } = await run(store, { listen })
  const made = await Promise.all(
    Array.from({ length: 200 }, (_, at) => inboxes.make(wish(`${at}`, 60, true))),
  )
  assert.equal(opened.size, 200)
  for (const { id, smtpPort } of made) assert.equal(opened.get(smtpPort ?? 0), id)
  const limit = (error: unknown) => error instanceof MailboxError && error.code === 'limit'
  await assert.rejects(inboxes.make(wish('one more', 60, true)), limit)
  await inboxes.make(wish('without', 60))
  const [first, second, ...rest] = made
  assert.ok(first && second)
  await inboxes.end(first.id)
  assert.equal(opened.size, 199)
  assert.equal(inboxes.portOf(first.id), null)
  for (const { id } of rest) await inboxes.end(id)
  await inboxes.close()
  assert.equal(opened.size, 0)
  await store.close()

  store = await open(fs)
  opened.set(second.smtpPort ?? 0, 'a stranger')
  const again = await run(store, { listen })
  inboxes = again.inboxes
  assert.equal(opened.get(inboxes.portOf(second.id) ?? 0), second.id)
  assert.match(
    again.logged.join(),
    new RegExp(`inbox ${second.id} listens on port \\d+: \\d+ is taken`),
  )
  await inboxes.close()
  await store.close()
})
