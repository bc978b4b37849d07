import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Chosen, chosenQuery, countAmong, inParts, isAmong } from '../../web/chosen.ts'
import { sizeOf } from '../../web/sequence-set.ts'

const all = (changes: Partial<Extract<Chosen, { q: string }>> = {}): Chosen => ({
  q: '',
  since: 0,
  upto: 100,
  except: [],
  ...changes,
})

describe('what something is done to', () => {
  it('is named by ids, or by what finds it', () => {
    assert.equal(
      chosenQuery({
        ids: [
          [4, 17],
          [20, 20],
        ],
      }),
      'ids=4:17,20',
    )
    assert.equal(chosenQuery(all()), 'all=true&upto=100')
    assert.equal(
      chosenQuery(all({ q: 'to:ann & co', since: 9, except: [[20, 22]] })),
      'q=to:ann+%26+co&since=9&upto=100&except=20:22',
    )
  })

  it('holds a message or not', () => {
    const chosen = all({ since: 10, except: [[20, 22]] })
    assert.deepEqual(
      [10, 11, 19, 20, 22, 23, 100, 101].map(id => isAmong(chosen, id)),
      [false, true, true, false, false, true, true, false],
    )
    assert.equal(isAmong({ ids: [[3, 4]] }, 4), true)
    assert.equal(isAmong({ ids: [[3, 4]] }, 5), false)
  })

  it('is counted among messages of which only the number is known', () => {
    assert.equal(countAmong({ ids: [[3, 8]] }, 5, 20, 10), 4)
    assert.equal(countAmong(all({ except: [[5, 6]] }), 1, 50, 30), 28)
    assert.equal(countAmong(all({ upto: 40 }), 41, 50, 7), 0)
    assert.equal(countAmong(all({ since: 60 }), 41, 50, 7), 0)
  })

  it('fits into addresses, in parts that are the whole and no more', () => {
    const scattered = Array.from({ length: 5_000 }, (_, at) => [2 * at + 1, 2 * at + 1] as const)
    const parts = inParts({ ids: scattered })
    assert.ok(parts.length > 1)
    for (const part of parts) assert.ok(chosenQuery(part).length < 5_000)
    const sizes = parts.map(part => ('ids' in part ? sizeOf(part.ids) : 0))
    assert.equal(
      sizes.reduce((sum, size) => sum + size, 0),
      5_000,
    )

    const chosen = all({ upto: 20_000, except: scattered })
    const windows = inParts(chosen)
    assert.ok(windows.length > 1)
    for (const part of windows) assert.ok(chosenQuery(part).length < 5_000)
    for (let id = 1; id <= 20_001; id++) {
      const count = windows.filter(part => isAmong(part, id)).length
      assert.equal(count, isAmong(chosen, id) ? 1 : 0, `${id}`)
    }
    assert.deepEqual(inParts({ ids: [[1, 9]] }), [{ ids: [[1, 9]] }])
    assert.deepEqual(inParts(all()), [all()])
  })
})
