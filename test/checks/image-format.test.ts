import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatOfAddress, formatOfType } from '../../server/checks/image-format.ts'

test('an address tells its format by its ending, or as data', () => {
  assert.equal(formatOfAddress('https://a/b.JPEG?w=1'), 'jpg')
  assert.equal(formatOfAddress('https://a.png/b'), null)
  assert.equal(formatOfAddress('x.webp#y'), 'webp')
  assert.equal(formatOfAddress('data:image/SVG+xml;base64,x.png'), 'svg')
  assert.equal(formatOfAddress('https://a/constructor.toString'), null)
  assert.equal(formatOfType('image/x-icon'), 'ico')
  assert.equal(formatOfType('text/html'), null)
})
