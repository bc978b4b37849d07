import assert from 'node:assert/strict'
import { test } from 'node:test'
import { excerptOf, Lines } from '../../server/checks/lines.ts'

test('offsets become lines and columns, from 1', () => {
  const lines = new Lines('ab\n\ncd')
  assert.deepEqual(
    [0, 1, 2, 3, 4, 5].map(at => Object.values(lines.at(at)).join(':')),
    ['1:1', '1:2', '1:3', '2:1', '3:1', '3:2'],
  )
  assert.deepEqual(new Lines('').at(0), { line: 1, column: 1 })
})

test('an excerpt is one line, and cut where it is long', () => {
  assert.equal(excerptOf('x <a\n  b> y', 2, 9), '<a b>')
  assert.equal(excerptOf('z'.repeat(200), 0), `${'z'.repeat(160)}…`)
})

test('an excerpt breaks no character in two', () => {
  assert.equal(excerptOf(`${'z'.repeat(159)}😀😀`, 0), `${'z'.repeat(159)}…`)
  assert.equal(excerptOf('ab😀', 0, 3), 'ab')
  assert.equal(excerptOf('ab😀cd', 3, 5), 'c')
})
