import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { confirmed, refuted } from '../../server/store/condition.ts'
import { Entries } from '../../server/store/entries.ts'
import { Feed } from '../../server/store/feed.ts'
import { InboxEntries } from '../../server/store/inbox-entries.ts'
import type { Entry } from '../../server/store/message.ts'
import { QueryError } from '../../server/store/query-error.ts'
import { Selection } from '../../server/store/selection.ts'
import { bareEntry } from '../helpers/store.ts'

const entry = (number: number): Entry =>
  bareEntry(number, { size: number }, { flags: number % 2 === 0 ? ['\\Seen'] : [] })

/** A selection over so many messages, whose texts hold each word where the number is a multiple of five. */
const make = (count: number) => {
  const entries = new Entries()
  for (let number = 1; number <= count; number++) entries.put(entry(number))
  const feed = new Feed(1, assert.fail)
  let scans = 0
  let release = () => {}
  let gate: Promise<void> = Promise.resolve()
  const selection = new Selection(entries, new InboxEntries(entries), feed, {
    parsed: async ({ number }) => entries.get(number),
    scan: async (block, words) => {
      scans++
      // The newest block is there at once, the others come through the gate.
      if (block < Math.floor(count / 1_000)) await gate
      return words.map(() =>
        Uint8Array.from({ length: 1_000 }, (_, at) => (at % 5 === 0 ? confirmed : refuted)),
      )
    },
    ask: async asked => asked.map(() => assert.fail()),
  })
  return {
    entries,
    feed,
    selection,
    scans: () => scans,
    hold: () => {
      gate = new Promise(resolve => {
        release = resolve
      })
    },
    release: () => release(),
  }
}

const ids = ({ entries }: { entries: readonly Entry[] }) => entries.map(({ number }) => number)

describe('a selection', () => {
  test('pages through a search without searching again, until something changes', async () => {
    const { selection, feed, scans } = make(5_500)
    const first = await selection.list({ q: 'x' }, { limit: 3 })
    assert.deepEqual(ids(first), [5_500, 5_495, 5_490])
    assert.deepEqual([first.total, first.unread, first.isPartial], [1_100, 550, false])
    assert.equal(scans(), 6)
    const page = await selection.list({ q: 'x' }, { limit: 2, before: 5_490 })
    assert.deepEqual(ids(page), [5_485, 5_480])
    assert.deepEqual(ids(await selection.list({ q: 'x' }, { limit: 2, offset: 1_098 })), [10, 5])
    assert.deepEqual(
      ids(await selection.list({ q: 'x' }, { limit: 2, before: 11, offset: 1 })),
      [5],
    )
    // The others name the snapshot, which is still all there is.
    const others = await selection.list({ q: 'x', upto: 5_500 }, { limit: 1, offset: 3 })
    assert.deepEqual(ids(others), [5_485])
    assert.equal(scans(), 6)
    feed.advance()
    const again = await selection.list({ q: 'x' }, { limit: 1 })
    assert.deepEqual([again.total, scans()], [1_100, 12])
    assert.notEqual(again.feed, first.feed)
  })

  test('answers somebody who looks with what there is, and goes on when asked again', async () => {
    const { selection, hold, release } = make(5_500)
    hold()
    const looking = { limit: 200, isInteractive: true }
    const first = await selection.list({ q: 'x' }, looking)
    assert.deepEqual([first.isPartial, first.total, first.entries.length], [true, 101, 101])
    // A page that is full is answered too.
    const small = await selection.list({ q: 'x' }, { ...looking, limit: 3 })
    assert.deepEqual([small.isPartial, ...ids(small)], [true, 5_500, 5_495, 5_490])
    release()
    const whole = await selection.list({ q: 'x' }, { limit: 3 })
    assert.deepEqual([whole.isPartial, whole.total], [false, 1_100])
    assert.equal((await selection.list({ q: 'x' }, looking)).isPartial, false)
  })

  test('waits to its end for everybody else, and where there is little to look at', async () => {
    const large = make(5_500)
    large.hold()
    const answers = [
      large.selection.select({ q: 'x' }),
      large.selection.list({ q: 'x' }, { limit: 3 }).then(({ total }) => total),
    ]
    const little = make(1_500)
    little.hold()
    const listed = little.selection.list({ q: 'x' }, { limit: 500, isInteractive: true })
    // The newest match is known before the rest is.
    assert.equal((await large.selection.newest({ q: 'x' }))?.number, 5_500)
    // Until long after it would be partial elsewhere.
    const looking = await large.selection.list({ q: 'x' }, { limit: 500, isInteractive: true })
    assert.equal(looking.isPartial, true)
    large.release()
    little.release()
    const [selected, total] = await Promise.all(answers)
    assert.deepEqual([(selected as number[]).length, total], [1_100, 1_100])
    assert.deepEqual([(await listed).total, (await listed).isPartial], [300, false])
  })

  test('holds at the position of the feed at which it began', async () => {
    const { selection, entries, feed, hold, release } = make(5_500)
    hold()
    const position = feed.position
    const listing = selection.list({ q: 'x', unread: false }, { limit: 10_000 })
    entries.put(entry(5_510))
    entries.put({ ...entry(10), flags: [] })
    entries.removeAll([20])
    feed.advance()
    release()
    const page = await listing
    assert.equal(page.feed, position)
    assert.equal(page.total, 550)
    assert.deepEqual(ids(page).slice(-3), [30, 20, 10])
    const after = await selection.list({ q: 'x', unread: false }, { limit: 10_000 })
    assert.deepEqual([after.entries[0]?.number, ...ids(after).slice(-2)], [5_510, 40, 30])
  })

  test('bounds by ids, and counts what lies between them', async () => {
    const { selection } = make(2_500)
    const page = await selection.list({ since: 998, upto: 2_003 }, { limit: 2, offset: 3 })
    assert.deepEqual([ids(page), page.total], [[2_000, 1_999], 1_005])
    assert.deepEqual(await selection.select({ since: 1_998, upto: 2_001 }), [2_001, 2_000, 1_999])
    assert.deepEqual(await selection.select({ since: 2_500 }), [])
    assert.deepEqual(await selection.select({ q: 'x', since: 1_990, upto: 2_000 }), [2_000, 1_995])
    assert.equal(await selection.newest({ minSize: 3_000 }), undefined)
  })

  test('refuses what cannot be read', async () => {
    const { selection } = make(1)
    await assert.rejects(selection.list({ q: '(' }, { limit: 1 }), QueryError)
    await assert.rejects(selection.select({ q: '(' }), QueryError)
    await assert.rejects(selection.newest({ q: '(' }), QueryError)
    await assert.rejects(selection.matches({ q: '(' }, 1), QueryError)
  })
})
