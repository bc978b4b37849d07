import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  cutRanges,
  joinRanges,
  lengthOf,
  type Range,
} from '../../../../server/imap/commands/fetch/ranges.ts'

const TEXT = Array.from({ length: 500 }, (_, i) => String.fromCharCode(33 + (i % 90))).join('')
const textOf = (ranges: readonly Range[]) =>
  ranges.map(({ start, end }) => TEXT.slice(start, end)).join('')

/** Ascending, some empty, some neighbours. */
const ranges = fc.array(fc.nat(9), { maxLength: 40 }).map(steps => {
  const result: Range[] = []
  let at = 0
  for (const [index, step] of steps.entries()) {
    if (index % 2 === 1) result.push({ start: at, end: at + step })
    at += step
  }
  return result
})

test('a cut is that of the text that they are', () => {
  fc.assert(
    fc.property(ranges, fc.nat(200), fc.nat(200), (ranges, offset, length) => {
      const cut = cutRanges(ranges, { offset, length })
      assert.equal(textOf(cut), textOf(ranges).slice(offset, offset + length))
      assert.ok(cut.every(({ start, end }) => start < end))
    }),
  )
})

test('joined ranges are the same text in as few as can be', () => {
  fc.assert(
    fc.property(ranges, ranges => {
      const joined = joinRanges(ranges)
      assert.equal(textOf(joined), textOf(ranges))
      assert.equal(lengthOf(joined), lengthOf(ranges))
      for (const [index, { start, end }] of joined.entries()) {
        assert.ok(start < end)
        assert.notEqual(joined[index - 1]?.end, start)
      }
    }),
  )
})
