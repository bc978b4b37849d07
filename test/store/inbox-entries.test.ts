import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Entries } from '../../server/store/entries.ts'
import { InboxEntries } from '../../server/store/inbox-entries.ts'
import type { Entry } from '../../server/store/message.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { bareEntry } from '../helpers/store.ts'

const entry = (number: number, inboxes: readonly string[]): Entry => bareEntry(number, { inboxes })

test('an inbox has its entries, and looks at no others', () => {
  const seed = chosenSeed()
  const random = randomFrom(seed)
  const entries = new Entries()
  const own = new InboxEntries(entries)
  const ids = ['ann', 'bob', 'cat']
  let number = 0
  for (let step = 0; step < 2_000; step++) {
    if (random.chance(0.8)) {
      number += random.between(1, 5)
      const arrival = entry(number, random.some(ids, random.integer(3)))
      entries.put(arrival)
      own.add(arrival)
    } else {
      const gone = random.some(entries.numbers(), random.integer(4))
      own.remove(entries.removeAll(gone))
    }
    // The first question comes late: what was there before counts.
    if (step < 200 || !random.chance(0.1)) continue
    const inbox = random.pick(ids)
    const [since, upto] = [random.integer(number), random.integer(2 * number)]
    const slices = own.snapshot({ inbox, since, upto })
    const wanted = [...entries.ascending()].filter(
      each => each.message.inboxes.includes(inbox) && each.number > since && each.number <= upto,
    )
    const name = `MAILCATCH_SEED=${seed} step ${step}`
    assert.deepEqual(
      slices.toReversed().flatMap(({ entries: some, from, to }) => some.slice(from, to)),
      wanted,
      name,
    )
    const blocks = slices.map(({ block }) => block)
    assert.deepEqual(
      blocks,
      [...new Set(wanted.map(each => Math.floor(each.number / 1_000)))].reverse(),
      name,
    )
  }
  assert.deepEqual(
    own.snapshot({}).flatMap(({ entries: all }) => all).length,
    entries.total,
    'without an inbox it is all of them',
  )
  assert.deepEqual(own.snapshot({ inbox: 'nobody' }), [])
})
