import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  hiddenAbove,
  hiddenCount,
  hide,
  placeOfShown,
  shownIndex,
  shownPlaces,
} from '../../web/hidden.ts'

describe('rows that are hidden until they are deleted', () => {
  const hidden = hide([
    [0, 1],
    [2, 3],
    [3, 4],
    [7, 7],
    [7, 8],
  ])

  it('are left out', () => {
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

  it('are counted', () => {
    assert.equal(hiddenCount(hidden), 4)
    assert.deepEqual(
      Array.from({ length: 10 }, (_, place) => hiddenAbove(hidden, place)),
      [0, 1, 1, 2, 3, 3, 3, 3, 4, 4],
    )
  })

  it('lie between the places that are shown', () => {
    assert.deepEqual(shownPlaces(hidden, 0, 6), [
      [1, 2],
      [4, 7],
      [8, 10],
    ])
    assert.deepEqual(shownPlaces(hidden, 1, 3), [[4, 6]])
    assert.deepEqual(shownPlaces(hidden, 3, 3), [])
    // However many are hidden, no more is shown than was asked for.
    assert.deepEqual(shownPlaces(hide([[5, 100_000]]), 0, 10), [
      [0, 5],
      [100_000, 100_005],
    ])
  })

  it('change nothing where there are none', () => {
    assert.equal(placeOfShown([], 12), 12)
    assert.equal(shownIndex([], 12), 12)
    assert.equal(hiddenAbove([], 12), 0)
    assert.deepEqual(shownPlaces([], 3, 9), [[3, 9]])
  })
})
