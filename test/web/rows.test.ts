import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { MessageSummary } from '../../server/http/resources.ts'
import { pageSize, type RowChange, Rows, type Ticket } from '../../web/rows.ts'

const row = (id: number, unread = true): MessageSummary => ({
  id,
  receivedAt: '2026-01-17T09:00:00.000Z',
  from: [],
  to: [],
  rcptTo: [],
  subject: `Message ${id}`,
  preview: '',
  size: 1,
  attachments: 0,
  unread,
  flagged: false,
  tags: [],
  parsed: true,
  warnings: 0,
})

/** Rows `from` … `to`, newest first. */
const range = (from: number, to: number): MessageSummary[] =>
  Array.from({ length: from - to + 1 }, (_, at) => row(from - at))

const ids = (rows: Rows, start: number, end: number): (number | undefined)[] =>
  Array.from({ length: end - start }, (_, at) => rows.at(start + at)?.id)

/** A list of 1 000 messages of which the first page is known. */
const thousand = (isWhole = true): Rows => {
  const rows = new Rows({ total: 1000, upto: 1000, seq: 0 }, isWhole)
  rows.insert(rows.begin(), { offset: 0, rows: range(1000, 901), upto: 1000, seq: 0 })
  return rows
}

const added = (from: number, to: number, ...all: number[]): RowChange => ({
  type: 'added',
  from,
  to,
  rows: all.map(id => row(id)),
})
const removed = (from: number, to: number, ...ranges: [number, number][]): RowChange => ({
  type: 'removed',
  from,
  to,
  ids: ranges,
})

describe('rows of a list', () => {
  it('knows what it was given, and nothing else', () => {
    const rows = thousand()
    assert.equal(rows.at(0)?.id, 1000)
    assert.equal(rows.at(99)?.id, 901)
    assert.equal(rows.at(100), undefined)
    assert.equal(rows.indexOf(950), 50)
    assert.equal(rows.indexOf(900), undefined)
    assert.equal(rows.placeOf(901), 99)
    assert.equal(rows.placeOf(500), undefined)
  })

  it('tells where rows are, those too of which it knows the number alone', () => {
    const rows = thousand()
    rows.insert(rows.begin(), { offset: 500, rows: range(500, 401), upto: 1000, seq: 0 })
    const asked: number[][] = []
    const places = rows.placesOf(
      id => id === 950 || (id <= 500 && id > 490),
      (first, last, size) => {
        asked.push([first, last, size])
        return first === 1 ? size : 3
      },
    )
    assert.deepEqual(
      [...places].filter(([start, end]) => end > start),
      [
        [50, 51],
        [100, 103],
        ...Array.from({ length: 10 }, (_, at) => [500 + at, 501 + at]),
        [600, 1000],
      ],
    )
    assert.deepEqual(asked, [
      [501, 900, 400],
      [1, 400, 400],
    ])
    assert.equal([...rows.known()].length, 200)
  })

  it('asks for what is missing, in pages, from either side', () => {
    const rows = thousand()
    assert.equal(rows.gap(0, 50), null)
    assert.deepEqual(rows.gap(90, 130), { offset: 100, limit: 100, after: 901 })
    assert.deepEqual(rows.gap(500, 520), { offset: 475, limit: 100, after: undefined })
    rows.insert(rows.begin(), { offset: 475, rows: range(525, 426), upto: 1000, seq: 0 })
    assert.equal(rows.gap(475, 575), null)
    // Scrolling up to a known run: the page that touches it.
    assert.deepEqual(rows.gap(460, 500), { offset: 375, limit: 100, after: undefined })
    assert.deepEqual(rows.gap(990, 1100), { offset: 900, limit: 100, after: undefined })
  })

  it('moves everything down by what arrives, without asking again', () => {
    const rows = thousand()
    rows.apply(added(0, 3, 1003, 1002, 1001))
    assert.equal(rows.total, 1003)
    assert.equal(rows.upto, 1003)
    assert.deepEqual(ids(rows, 0, 5), [1003, 1002, 1001, 1000, 999])
    assert.equal(rows.indexOf(901), 102)
    // What the list held already when it was read is told again by the feed.
    rows.apply(added(0, 4, 1003, 1002))
    assert.equal(rows.total, 1003)
  })

  it('moves everything up by what is removed, known or not', () => {
    const rows = thousand()
    rows.insert(rows.begin(), { offset: 500, rows: range(500, 401), upto: 1000, seq: 0 })
    rows.apply(removed(0, 1, [450, 450], [600, 609], [1000, 1000]))
    assert.equal(rows.total, 988)
    assert.deepEqual(ids(rows, 0, 2), [999, 998])
    assert.equal(rows.indexOf(500), 489)
    assert.equal(rows.indexOf(449), 539)
    assert.equal(rows.indexOf(450), undefined)
    assert.equal(rows.placeOf(450), 539)
  })

  it('patches what it knows', () => {
    const rows = thousand()
    rows.apply({ type: 'changed', from: 0, to: 1, ids: [[1, 950]], patch: { unread: false } })
    assert.equal(rows.at(49)?.unread, true)
    assert.equal(rows.at(50)?.unread, false)
  })

  it('applies to an answer what happened while it was under way', () => {
    const rows = thousand()
    const ticket = rows.begin()
    rows.apply(added(0, 1, 1001))
    rows.apply(removed(1, 2, [990, 990]))
    rows.apply(removed(2, 3, [850, 850]))
    // Read at 0: before all of it.
    rows.insert(ticket, { offset: 100, rows: range(900, 801), upto: 1000, seq: 0 })
    assert.equal(rows.indexOf(900), 100)
    assert.equal(rows.indexOf(850), undefined)
    assert.equal(rows.indexOf(849), 150)
  })

  it('does not apply to an answer what it knows already', () => {
    const rows = thousand()
    const ticket = rows.begin()
    rows.apply(removed(0, 1, [990, 990]))
    // Read at 1: the server had removed 990, so place 100 is 899.
    rows.insert(ticket, { offset: 100, rows: range(899, 800), upto: 1000, seq: 1 })
    assert.equal(rows.indexOf(901), 98)
    assert.equal(rows.indexOf(899), 100)
    assert.deepEqual(rows.gap(90, 110), { offset: 99, limit: 1, after: 901 })
  })

  it('keeps arrivals apart from a page that was read later than they came', () => {
    const rows = new Rows({ total: 300, upto: 300, seq: 0 }, true)
    // Read at 2, when the feed has not yet told of 301, nor of its being read.
    rows.insert(rows.begin(), { offset: 0, rows: range(300, 201), upto: 300, seq: 2 })
    rows.apply(added(0, 2, 301))
    rows.apply({ type: 'changed', from: 0, to: 2, ids: [[301, 301]], patch: { unread: false } })
    assert.equal(rows.at(0)?.unread, false)
    assert.equal(rows.indexOf(300), 1)
  })

  it('refuses an answer that cannot be true', () => {
    const rows = thousand()
    const answer = { offset: 100, rows: range(950, 851), upto: 1000, seq: 0 }
    assert.equal(rows.insert(rows.begin(), answer), false)
  })

  it('keeps at most 40 runs, and drops the least used', () => {
    const rows = new Rows({ total: 100_000, upto: 100_000, seq: 0 }, true)
    for (let page = 0; page < 60; page++) {
      const offset = page * 200
      rows.insert(rows.begin(), {
        offset,
        rows: range(100_000 - offset, 100_000 - offset - 99),
        upto: 100_000,
        seq: 0,
      })
      rows.use(0, 20)
    }
    assert.equal(rows.held, 40 * pageSize)
    assert.equal(rows.at(0)?.id, 100_000)
    assert.equal(rows.at(200), undefined)
    assert.equal(rows.at(59 * 200)?.id, 100_000 - 59 * 200)
  })

  it('holds a burst in pages', () => {
    const rows = thousand()
    for (let id = 1001; id <= 6000; id++) rows.apply(added(id - 1001, id - 1000, id))
    assert.equal(rows.total, 6000)
    assert.equal(rows.held <= 40 * 2 * pageSize, true)
    assert.deepEqual(ids(rows, 0, 3), [6000, 5999, 5998])
  })

  it('in a filtered list counts only the removals it can see', () => {
    const rows = thousand(false)
    assert.equal(rows.apply(removed(0, 1, [950, 950], [3000, 3000])), true)
    assert.equal(rows.total, 999)
    // 500 may be in the list or not: it has to be read anew.
    assert.equal(rows.apply(removed(1, 2, [500, 500])), false)
  })

  it('in a filtered list finds the place of a page by the row before it', () => {
    const rows = thousand(false)
    const ticket = rows.begin()
    rows.apply(removed(0, 1, [990, 990]))
    const page = { offset: 100, rows: range(900, 801), upto: 1000, seq: 0, after: 901 }
    assert.equal(rows.insert(ticket, page), true)
    assert.equal(rows.indexOf(900), 99)
  })
})

/** A server with a feed, and a page that hears of it late and in frames. */
const steps = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant('add' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({
      do: fc.constant('remove' as const),
      at: fc.nat(400),
      count: fc.integer({ min: 1, max: 8 }),
    }),
    fc.record({ do: fc.constant('read' as const), at: fc.nat(400) }),
    fc.record({ do: fc.constant('frame' as const) }),
    fc.record({ do: fc.constant('ask' as const), at: fc.nat(400) }),
    fc.record({ do: fc.constant('serve' as const) }),
    fc.record({ do: fc.constant('answer' as const) }),
  ),
  { maxLength: 120 },
)

describe('rows against a server', () => {
  it('never shows a row in a wrong place, however late frames and answers come', () => {
    let placed = 0
    fc.assert(
      fc.property(steps, script => {
        let truth = range(300, 1)
        let cursor = 300
        let seq = 0
        let queue: RowChange[] = []
        let heard = 0
        let rows = new Rows({ total: 300, upto: 300, seq: 0 }, true)
        let asked: { ticket: Ticket; offset: number; limit: number } | null = null
        let served: { rows: MessageSummary[]; seq: number } | null = null
        const publish = (change: RowChange): void => {
          queue.push(change)
        }
        const frame = (): void => {
          // One frame tells of all that happened since the last one.
          for (const change of queue) rows.apply({ ...change, from: heard, to: seq })
          queue = []
          heard = seq
        }
        const serve = (): void => {
          if (!asked || served) return
          const { offset, limit, ticket } = asked
          const found = truth.filter(({ id }) => id <= ticket.upto)
          served = { rows: found.slice(offset, offset + limit), seq }
        }
        const answer = (): void => {
          if (!asked || !served) return
          const page = { offset: asked.offset, upto: asked.ticket.upto, ...served }
          if (!rows.insert(asked.ticket, page)) {
            rows = new Rows({ total: truth.length, upto: cursor, seq }, true)
          }
          asked = served = null
        }
        for (const step of script) {
          if (step.do === 'add') {
            for (let at = 0; at < step.count; at++) {
              cursor += 1
              seq += 1
              truth = [row(cursor), ...truth]
              publish(added(0, 0, cursor))
            }
          } else if (step.do === 'remove') {
            const gone = truth.slice(step.at, step.at + step.count).map(({ id }) => id)
            if (gone.length === 0) continue
            seq += 1
            truth = truth.filter(({ id }) => !gone.includes(id))
            publish(removed(0, 0, ...gone.toReversed().map((id): [number, number] => [id, id])))
          } else if (step.do === 'read') {
            const target = truth[step.at]
            if (!target) continue
            seq += 1
            const { id } = target
            truth = truth.map(other => (other.id === id ? row(id, false) : other))
            publish({ type: 'changed', from: 0, to: 0, ids: [[id, id]], patch: { unread: false } })
          } else if (step.do === 'frame') frame()
          else if (step.do === 'ask' && !asked) {
            const gap = rows.gap(step.at, step.at + 30)
            if (gap) asked = { ticket: rows.begin(), offset: gap.offset, limit: gap.limit }
          } else if (step.do === 'serve') serve()
          else if (step.do === 'answer') answer()
        }
        serve()
        answer()
        frame()
        // A list that was read anew in the middle of a frame is checked against the frame's total instead.
        if (rows.total !== truth.length) return rows.seq > 0
        for (let at = 0; at < truth.length; at++) {
          const known = rows.at(at)
          if (!known) continue
          placed += 1
          assert.deepEqual([known.id, known.unread], [truth[at]?.id, truth[at]?.unread])
        }
        return true
      }),
      { numRuns: 2000 },
    )
    assert.equal(placed > 10_000, true, `only ${placed} rows were checked`)
  })
})
