import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { fold } from '../../server/mime/fold.ts'
import { Entries } from '../../server/store/entries.ts'
import {
  type FacetCounts,
  type FacetKind,
  type FacetQuery,
  Facets,
  facetKinds,
} from '../../server/store/facets.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { type Entry, isUnread } from '../../server/store/message.ts'
import type { StoreFs } from '../../server/store/store-fs.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { bareEntry, usualStore } from '../helpers/store.ts'

const everything = { limit: 1_000 }
const same = (counts: FacetCounts): FacetCounts => counts

/** An entry with what is counted of it. */
const entry = (
  number: number,
  values: { to?: readonly string[]; from?: readonly string[]; tags?: readonly string[] },
  { isRead = false, attachments = 0 } = {},
): Entry =>
  bareEntry(
    number,
    {
      rcptTo: values.to ?? [],
      from: (values.from ?? []).map(address => ({ name: '', address })),
      attachments,
    },
    { flags: isRead ? ['\\Seen'] : [], tags: values.tags ?? [] },
  )

const counting = async (...all: Entry[]) => {
  const entries = new Entries()
  for (const one of all) entries.put(one)
  const facets = new Facets(entries)
  await facets.ready()
  return { entries, facets }
}

describe('facets', () => {
  test('count each message once for each of its values, whatever their case', async () => {
    const { facets } = await counting(
      entry(1, { to: ['Ann@x.test', 'ann@X.test'], from: ['app@x.test'], tags: ['New', 'new'] }),
      entry(2, { to: ['bob@x.test', 'ann@x.test', ''], from: ['APP@x.test'] }, { isRead: true }),
      entry(3, { to: [''], tags: ['old'] }, { attachments: 2 }),
    )
    const counts = await facets.read(everything, same)
    assert.deepEqual(counts.recipients, [
      { value: 'ann@x.test', count: 2, unread: 1 },
      { value: 'bob@x.test', count: 1, unread: 0 },
    ])
    assert.deepEqual(counts.senders, [{ value: 'app@x.test', count: 2, unread: 1 }])
    assert.deepEqual(
      counts.tags.map(({ value, count }) => `${fold(value)} ${count}`),
      ['new 1', 'old 1'],
    )
    assert.equal(counts.withAttachments, 1)
  })

  test('are the most frequent, filtered, or of one kind', async () => {
    const { facets } = await counting(
      ...[3, 1, 2, 5, 4, 5].flatMap((count, who) =>
        Array.from({ length: count }, (_, at) =>
          entry(100 * who + at + 1, { to: [`u${who}@x.test`], tags: ['all'] }),
        ),
      ),
    )
    const values = async (query: FacetQuery): Promise<string[]> =>
      (await facets.read(query, same)).recipients.map(({ value, count }) => `${value[1]} ${count}`)
    assert.deepEqual(await values({ limit: 3 }), ['3 5', '5 5', '4 4'])
    assert.deepEqual(await values({ limit: 100 }), ['3 5', '5 5', '4 4', '0 3', '2 2', '1 1'])
    assert.deepEqual(await values({ limit: 3, filter: 'U1@X' }), ['1 1'])
    assert.deepEqual(await values({ limit: 3, kind: 'tags' }), [])
    assert.equal((await facets.read({ limit: 1, kind: 'tags' }, same)).tags[0]?.count, 20)
  })

  test('take in what changes while they are counted for the first time', async () => {
    const entries = new Entries()
    for (let number = 1; number <= 20_000; number++) {
      entries.put(entry(number, { to: [`${number % 7}@x.test`] }))
    }
    const facets = new Facets(entries)
    let isReady = false
    const ready = facets.ready().then(() => {
      isReady = true
    })
    let next = 20_001
    for (let at = 1; !isReady; at++) {
      await setImmediate()
      const arrival = entry(next++, { to: ['late@x.test'] })
      entries.put(arrival)
      facets.put(arrival)
      for (const number of [at, 20_001 - at]) {
        const before = entries.get(number) as Entry
        const after: Entry = { ...before, flags: ['\\Seen'] }
        entries.put(after)
        facets.put(after, before)
      }
      facets.remove(entries.removeAll([1_000 + at, 15_000 + at]))
    }
    await ready
    assert.ok(next > 20_001, 'nothing came meanwhile')
    await facets.read(everything, counts => compare(counts, [...entries.ascending()]))
  })

  test('of 400 000 values hold nobody up, and are right as of when they are told, whatever changes meanwhile', async () => {
    const seed = chosenSeed()
    const random = randomFrom(seed)
    const entries = new Entries()
    for (let number = 1; number <= 40; number++) {
      const to = Array.from({ length: 10_000 }, (_, at) => `u${number * 10_000 + at}@x.test`)
      entries.put(entry(number, { to: [...to, `${number % 9}@often.test`] }))
    }
    const facets = new Facets(entries)
    await facets.ready()
    let turns = 0
    let isTold = false
    const told = facets.read({ limit: 60, kind: 'recipients' }, counts => {
      isTold = true
      const having = new Map<string, number>()
      for (const { message } of entries.ascending()) {
        for (const to of new Set(message.rcptTo)) having.set(to, (having.get(to) ?? 0) + 1)
      }
      const wanted = [...having]
        .map(([value, count]) => ({ value, count, unread: count }))
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
      assert.deepEqual(counts.recipients, wanted.slice(0, 60), `seed ${seed}`)
    })
    for (let next = 41; !isTold; next++) {
      const to = Array.from({ length: 30 }, () => `u${10_000 + random.integer(400_000)}@x.test`)
      const arrival = entry(next, { to: [...to, `${random.integer(40)}@often.test`] })
      entries.put(arrival)
      facets.put(arrival)
      facets.remove(entries.removeAll([1 + random.integer(next - 1)]))
      turns++
      await setImmediate()
    }
    await told
    assert.ok(turns > 1, `only ${turns} turns`)
  })
})

/** Counts all of it anew and holds the counts against that. */
const compare = (counts: FacetCounts, entries: readonly Entry[]): void => {
  const naive = (values: (entry: Entry) => readonly string[]): string[] => {
    const keys = new Set(entries.flatMap(values).map(fold))
    return [...keys]
      .filter(key => key !== '')
      .map(key => {
        const having = entries.filter(one => values(one).map(fold).includes(key))
        return `${key} ${having.length} ${having.filter(isUnread).length}`
      })
      .sort()
  }
  const counted = (kind: FacetKind): string[] =>
    counts[kind].map(({ value, count, unread }) => `${fold(value)} ${count} ${unread}`).sort()
  assert.deepEqual(
    counted('recipients'),
    naive(({ message }) => message.rcptTo),
  )
  assert.deepEqual(
    counted('senders'),
    naive(({ message }) => message.from.map(({ address }) => address)),
  )
  assert.deepEqual(
    counted('tags'),
    naive(({ tags }) => tags),
  )
  assert.equal(
    counts.withAttachments,
    entries.filter(({ message }) => message.attachments > 0).length,
  )
  for (const kind of facetKinds) {
    const order = counts[kind].map(({ count }) => count)
    assert.deepEqual(
      order,
      order.toSorted((a, b) => b - a),
      kind,
    )
  }
}

const people = ['ann@x.test', 'Ann@x.test', 'bob+shop@x.test', 'eve@y.test', '']
const senders = ['App <app@x.test>', 'APP@x.test', 'a@y.test, b@y.test', '']
const labels = ['one', 'One', 'two words', 'three']

const attached =
  'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\r\n1\r\n--b--\r\n'

const open = (fs: StoreFs): Promise<MailStore> =>
  MailStore.open({
    ...usualStore,
    directory: '/data',
    fs,
    reader: readerHere(),
    maxMessages: 40,
    keepFlagged: true,
    log: line => assert.fail(line),
  })

test('The facets of a store are what its messages have, whatever was done to them', async t => {
  const seed = chosenSeed()
  t.diagnostic(`MAILCATCH_SEED=${seed}`)
  const random = randomFrom(seed)
  const fs = memoryFs()
  let store = await open(fs)
  const stored = async (): Promise<readonly Entry[]> =>
    (await store.list({}, { limit: 1_000 })).entries
  const check = async (): Promise<void> => {
    // Whatever came between the two is in both.
    for (;;) {
      const counts = await store.facets(everything)
      const entries = await stored()
      if (store.feed !== counts.feed) continue
      compare(counts, entries)
      return
    }
  }
  const ids = async (): Promise<number[]> =>
    random.some(
      (await stored()).map(({ number }) => number),
      random.between(1, 5),
    )
  for (let step = 0; step < 400; step++) {
    const choice = random.integer(100)
    if (choice < 50) {
      const rcptTo = random.some(people, random.between(0, 3))
      const from = random.pick(senders)
      const arrival = store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'smtp' })
      const tags = random.some(labels, 2).join(', ')
      const head = `${from ? `From: ${from}\r\n` : ''}${tags ? `X-Tags: ${tags}\r\n` : ''}`
      await arrival.write(Buffer.from(head + (random.chance(0.4) ? attached : '\r\nHello\r\n')))
      await arrival.commit()
    } else if (choice < 65) {
      await store.update(await ids(), { unread: random.chance(0.5) })
    } else if (choice < 72) {
      await store.update(await ids(), { flagged: random.chance(0.5) })
    } else if (choice < 82) {
      await store.update(await ids(), {
        addTags: random.some(labels, 1),
        removeTags: random.some(labels, 1),
      })
    } else if (choice < 90) await store.remove(await ids())
    else if (choice < 94) {
      const inbox = store.mailboxes.open('').inbox
      const uids = (await ids()).sort((a, b) => a - b)
      if (uids.length > 0) await store.mailboxes.copy(inbox, uids, inbox)
    } else if (choice < 98) await check()
    else {
      await store.close()
      store = await open(fs)
    }
  }
  await check()
  await store.close()
})
