import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contrast, over, readColour } from '../../server/checks/colour.ts'

test('colours are read as CSS and HTML write them', () => {
  assert.deepEqual(readColour('#FFF'), [255, 255, 255, 1])
  assert.deepEqual(readColour('0a0b0c'), [10, 11, 12, 1])
  assert.deepEqual(readColour('#00000080'), [0, 0, 0, 128 / 255])
  assert.deepEqual(readColour(' Navy '), [0, 0, 128, 1])
  assert.deepEqual(readColour('rgb(1, 2, 3)'), [1, 2, 3, 1])
  assert.deepEqual(readColour('rgba(255 0 0 / 50%)'), [255, 0, 0, 0.5])
  assert.deepEqual(readColour('transparent'), [0, 0, 0, 0])
  for (const other of ['', 'inherit', '#12', 'rgb(1,2)', 'var(--x)', 'constructor', 'rgb(a,b,c)'])
    assert.equal(readColour(other), null, other)
})

test('contrast is that of WCAG', () => {
  assert.equal(contrast([0, 0, 0, 1], [255, 255, 255, 1]), 21)
  assert.equal(contrast([7, 7, 7, 1], [7, 7, 7, 1]), 1)
  assert.equal(contrast([255, 255, 255, 1], [118, 118, 118, 1]).toFixed(2), '4.54')
  assert.deepEqual(over([0, 0, 0, 0.5], [255, 255, 255, 1]), [127.5, 127.5, 127.5, 1])
})
