import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { sortInSteps } from '../../../../server/imap/sort-in-steps.ts'
import { Pace } from '../../../../server/store/pace.ts'
import { SearchedMailbox } from '../../../helpers/searched-mailbox.ts'

describe('SORT', () => {
  let box: SearchedMailbox
  const mails: readonly (readonly [fields: string, internalDate: string])[] = [
    // 1
    [
      'From: Zoe <b@x.org>\r\nTo: "Ann" <ann@y.org>\r\nSubject: Re: beta\r\nDate: 1 Jan 2026 12:00:00 +0000',
      '2026-03-01T00:00:05Z',
    ],
    // 2
    [
      'From: =?utf-8?q?=C3=84gir?= <C@x.org>\r\nTo: bob@y.org\r\nCc: z@y.org\r\nSubject: Alpha\r\nDate: 1 Jan 2026 12:30:00 +0100',
      '2026-03-01T00:00:04Z',
    ],
    // 3: without a date, nor a name
    ['From: a@x.org\r\nSubject: [list] BETA', '2026-01-01T12:00:00Z'],
    // 4
    [
      'From: ann@x.org\r\nTo: carl@y.org\r\nCc: y@y.org\r\nSubject: alpha (fwd)\r\nDate: 1 Jan 2026 06:00:00 -0800',
      '2026-03-01T00:00:03Z',
    ],
    // 5: nothing
    ['X-Kind: none', '2026-03-01T00:00:02Z'],
  ]
  before(async () => {
    box = await SearchedMailbox.open()
    for (const [at, [fields, internalDate]] of mails.entries()) {
      const body = 'x'.repeat([30, 300, 200, 400, 0][at] ?? 0)
      await box.add(`${fields}\r\n\r\n${body}\r\n`, { internalDate: Date.parse(internalDate) })
    }
  })
  after(() => box.close())
  const assertSorted = async (criteria: string, sorted: string) =>
    assert.equal(await box.run(`SORT (${criteria}) UTF-8 ALL`), `* SORT ${sorted}\r\n`, criteria)

  test('sorts by each criterion', async () => {
    await assertSorted('ARRIVAL', '3 5 4 2 1')
    await assertSorted('CC', '1 3 5 4 2')
    // The one without a date by its internal date, which is that of the first.
    await assertSorted('DATE', '2 1 3 4 5')
    await assertSorted('FROM', '5 3 4 1 2')
    await assertSorted('SIZE', '5 1 3 2 4')
    await assertSorted('SUBJECT', '5 2 4 1 3')
    await assertSorted('TO', '3 5 1 2 4')
    // A with diaeresis is an A and a mark.
    await assertSorted('DISPLAYFROM', '5 3 4 2 1')
    await assertSorted('DISPLAYTO', '3 5 1 2 4')
  })

  test('reverses one criterion alone, and never the order in the mailbox', async () => {
    await assertSorted('REVERSE SUBJECT', '1 3 2 4 5')
    await assertSorted('SUBJECT REVERSE DATE', '5 4 2 1 3')
    await assertSorted('SUBJECT REVERSE SIZE', '5 4 2 3 1')
    await assertSorted('REVERSE CC REVERSE ARRIVAL', '2 4 1 5 3')
    await assertSorted('REVERSE ARRIVAL', '1 2 4 5 3')
  })

  test('of what a search finds, by UIDs or with the highest mod-sequence', async () => {
    const uids = box.mailbox.entries.numbers()
    const modseq = box.mailbox.entries.get(uids[3] as number)?.modseq
    assert.equal(
      await box.run('UID SORT (SUBJECT) US-ASCII TO y.org'),
      `* SORT ${uids[1]} ${uids[3]} ${uids[0]}\r\n`,
    )
    assert.equal(
      await box.run('SORT (SUBJECT) UTF-8 1:4 MODSEQ 1'),
      `* SORT 2 4 1 3 (MODSEQ ${modseq})\r\n`,
    )
    assert.equal(await box.run('SORT (SUBJECT) US-ASCII TEXT "not in mailbox"'), '* SORT\r\n')
  })
})

test('in steps the order is that of the whole, and stable', async () => {
  const pace = new Pace(new AbortController().signal)
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 3_000 }),
      fc.integer({ min: 1, max: 50 }),
      async (size, kinds) => {
        const items = Array.from({ length: size }, (_, at) => ({ key: (at * 7_919) % kinds, at }))
        const sorted = await sortInSteps(items, (a, b) => a.key - b.key, pace)
        assert.deepEqual(
          sorted,
          items.toSorted((a, b) => a.key - b.key || a.at - b.at),
        )
      },
    ),
    { numRuns: 50 },
  )
})

test('many are sorted without holding the thread, unless the session ends', async () => {
  const items = Array.from({ length: 100_000 }, (_, at) => `${(at * 7_919) % 100_003}`)
  const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
  const controller = new AbortController()
  let turns = 0
  const count = () => {
    turns++
    if (turns < 1_000) setImmediate(count)
  }
  setImmediate(count)
  const sorted = await sortInSteps(items, compare, new Pace(controller.signal))
  assert.deepEqual(sorted, items.toSorted(compare))
  assert.ok(turns > 5, `${turns}`)
  const sorting = sortInSteps(items, compare, new Pace(controller.signal))
  controller.abort(new Error('gone'))
  await assert.rejects(sorting, /gone/)
})
