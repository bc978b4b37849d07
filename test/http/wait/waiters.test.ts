import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Waiter } from '../../../server/http/wait/waiter.ts'
import { Waiters } from '../../../server/http/wait/waiters.ts'
import type { Condition } from '../../../server/store/condition.ts'
import type { Matcher } from '../../../server/store/matcher.ts'
import { chosenSeed, randomFrom } from '../../helpers/random.ts'
import { idsOf, startWaiting } from '../../helpers/waiting.ts'

const limits = { left: 60_000, abandoned: new AbortController().signal }

test('of a thousand who wait for other addresses nobody is asked, and each gets what is theirs', async t => {
  const { store, arrive } = await startWaiting(t)
  const waiters = new Waiters(store)
  t.after(() => waiters.close())
  let asked = 0
  const begin = (matcher: Matcher) => {
    const condition = store.condition(matcher)
    const counting: Condition = (entry, facts) => {
      asked++
      return condition(entry, facts)
    }
    return new Waiter({
      store,
      waiters,
      matcher,
      condition: counting,
      most: 1,
      read: async id => id,
    })
  }
  const address = (at: number) => `User-${at}@example.com`
  const keys = ['address', 'rcpt', 'to'] as const
  const waiting = Array.from({ length: 1_000 }, (_, at) =>
    begin({ [keys[at % keys.length] as string]: address(at), subject: 'hello' }),
  )
  const others = [{ to: '*@example.org' }, { subject: 'hello' }].map(begin)
  assert.equal(waiters.size, 1_002)
  await arrive('nobody@example.com', 'Bye')
  assert.equal(asked, 2)
  for (const at of [7, 500, 998]) {
    asked = 0
    const id = await arrive(address(at).toLowerCase(), 'Hello')
    assert.ok(asked <= 3, `${asked}`)
    const waiter = waiting[at] as Waiter<number>
    assert.deepEqual(await waiter.until(() => waiter.take(1), limits), [id])
  }
  const second = others[1] as Waiter<number>
  assert.equal((await second.until(() => second.take(3), limits))?.length, 3)
  for (const waiter of [...waiting, ...others]) waiter.close()
  assert.equal(waiters.size, 0)
})

test('a thousand requests at a time, each answered with its own', async t => {
  const { ask, arrive, waiting } = await startWaiting(t)
  const asked = Array.from({ length: 1_000 }, (_, at) =>
    ask(`/v1/wait?address=user-${at}@example.com&timeout=120s`),
  )
  await waiting(1_000)
  const ids = new Map<number, number>()
  await Promise.all(
    asked.map(async (_, at) => ids.set(at, await arrive(`user-${at}@example.com`, 'Hello'))),
  )
  for (const [at, reply] of (await Promise.all(asked)).entries()) {
    assert.deepEqual(idsOf(reply), [ids.get(at)])
  }
  await waiting(0)
})

test('what is found is what a naive look finds, whatever comes when', async t => {
  const seed = chosenSeed()
  const random = randomFrom(seed)
  t.diagnostic(`MAILCATCH_SEED=${seed}`)
  const { ask, arrive, close, store } = await startWaiting(t)
  const names = ['ann', 'bob', 'cid']
  const words = ['code', 'invoice', 'hello']
  type Sent = {
    readonly id: number
    readonly name: string
    readonly subject: string
    readonly body: string
  }
  const sent: Sent[] = []
  const queries: [query: string, matches: (mail: Sent) => boolean][] = [
    ...names.map((name): (typeof queries)[number] => [
      `address=${name}@example.com`,
      mail => mail.name === name,
    ]),
    ...words.flatMap((word): typeof queries => [
      [`subject=${word}`, mail => mail.subject === word],
      [`text=${word}`, mail => mail.body === word],
      [`to=ann@example.com&body=/^${word}/`, mail => mail.name === 'ann' && mail.body === word],
    ]),
  ]
  type Asked = {
    readonly query: string
    readonly matches: (mail: Sent) => boolean
    readonly since: number | null
    readonly count: number
    /** How many mails there were for certain when it was asked. */
    readonly known: number
    readonly reply: ReturnType<typeof ask>
  }
  const asked: Asked[] = []
  const sending: Promise<void>[] = []
  for (let step = 0; step < 150; step++) {
    if (random.chance(0.6)) {
      const [name, subject, body] = [random.pick(names), random.pick(words), random.pick(words)]
      const coming = arrive(`${name}@example.com`, subject, body).then(id => {
        sent.push({ id, name, subject, body })
      })
      sending.push(coming)
      if (random.chance(0.5)) await coming
    } else {
      const [query, matches] = random.pick(queries)
      const since = random.chance(0.5) ? random.integer(store.cursor + 3) : null
      const count = 1 + random.integer(4)
      const sinceQuery = since === null ? '' : `&since=${since}`
      asked.push({
        query,
        matches,
        since,
        count,
        known: store.cursor,
        reply: ask(`/v1/wait?${query}${sinceQuery}&count=${count}&timeout=120s`),
      })
    }
  }
  await Promise.all(sending)
  sent.sort((a, b) => a.id - b.id)
  for (const { query, matches, since, count, known, reply } of asked) {
    const all = sent.filter(mail => matches(mail) && mail.id > (since ?? 0)).map(({ id }) => id)
    if (all.length < count) continue
    const ids = idsOf(await reply)
    const name = `${query} since ${since} count ${count}, of ${all}`
    if (since !== null) assert.deepEqual(ids, all.slice(0, count), name)
    else {
      // The newest at some moment since it was asked.
      const end = all.indexOf(ids.at(-1) as number) + 1
      assert.deepEqual(ids, all.slice(end - count, end), name)
      assert.ok(end >= all.filter(id => id <= known).length, name)
    }
  }
  await close()
  for (const { reply, matches, since, count } of asked) {
    const all = sent.filter(mail => matches(mail) && mail.id > (since ?? 0))
    assert.equal((await reply).status, all.length < count ? 503 : 200)
  }
})
