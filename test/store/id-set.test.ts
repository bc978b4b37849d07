import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mergeRanges, readIdRanges, writeIdSet } from '../../server/store/id-set.ts'

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

test('ranges in any order, that overlap or touch, become few', () => {
  const merged = (text: string) =>
    mergeRanges(readIdRanges(text)).map(({ first, last }) => [first, last])
  assert.deepEqual(merged(''), [])
  assert.deepEqual(merged('9,1:3,2,4:5,7'), [
    [1, 5],
    [7, 7],
    [9, 9],
  ])
  assert.deepEqual(merged('5,1:10,2:3'), [[1, 10]])
  assert.deepEqual(merged(Array(1_900).fill('1:99999').join(',')), [[1, 99_999]])
})
