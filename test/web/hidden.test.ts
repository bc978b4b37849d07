import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { placeOfShown, shownIndex } from '../../web/hidden.ts'

describe('rows that are hidden until they are deleted', () => {
  it('are left out', () => {
    const hidden = [0, 2, 3, 7]
    const shown = [1, 4, 5, 6, 8, 9]
    assert.deepEqual(
      shown.map((_, index) => placeOfShown(hidden, index)),
      shown,
    )
    assert.deepEqual(
      Array.from({ length: 10 }, (_, place) => shownIndex(hidden, place)),
      [undefined, 0, undefined, undefined, 1, 2, 3, undefined, 4, 5],
    )
  })

  it('change nothing where there are none', () => {
    assert.equal(placeOfShown([], 12), 12)
    assert.equal(shownIndex([], 12), 12)
  })
})
