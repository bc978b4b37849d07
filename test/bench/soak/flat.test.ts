import assert from 'node:assert/strict'
import { test } from 'node:test'
import { growth, isFlat, noise } from './flat.ts'

const figures = (of: (at: number) => number): number[] =>
  Array.from({ length: 60 }, (_, at) => of(at))
const sway = (at: number): number => ((at * 7919) % 13) - 6

test('what stays as it is, warms up, or goes up and down is flat', () => {
  assert.equal(
    isFlat(
      figures(() => 100),
      0,
    ),
    true,
  )
  assert.equal(
    isFlat(
      figures(at => 100 + sway(at)),
      1,
    ),
    true,
  )
  assert.equal(
    isFlat(
      figures(at => 200 - 100 * 0.8 ** at + sway(at)),
      1,
    ),
    true,
  )
  assert.equal(
    isFlat(
      figures(at => 100 - at),
      0,
    ),
    true,
  )
})

test('what grows all the time is not, even where it goes up and down', () => {
  assert.equal(growth(figures(at => at)), 20)
  assert.equal(
    isFlat(
      figures(at => 100 + at),
      5,
    ),
    false,
  )
  assert.equal(
    isFlat(
      figures(at => 100 + 5 * at + sway(at)),
      5,
    ),
    false,
  )
})

test('what was hardly looked at tells nothing', () => {
  assert.equal(isFlat([1, 1, 1], 10), false)
  assert.equal(noise([1, 2, 1, 2, 100]), 1)
})
