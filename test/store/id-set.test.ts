import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readIdRanges, writeIdSet } from '../../server/store/id-set.ts'

test('ids in a row become a range', () => {
  assert.equal(writeIdSet([]), '')
  assert.equal(writeIdSet([7]), '7')
  assert.equal(writeIdSet([1, 2, 3, 5, 7, 8]), '1:3,5,7:8')
})

test('a set is read as its ranges, and nothing else is', () => {
  assert.deepEqual(readIdRanges(''), [])
  assert.deepEqual(readIdRanges('1:3,5'), [
    { first: 1, last: 3 },
    { first: 5, last: 5 },
  ])
  for (const text of ['0', '01', '3:1', '1:', ':1', '1,,2', ',', '*', '-1', '1e3', '12345678901']) {
    assert.throws(() => readIdRanges(text), SyntaxError, text)
  }
})
