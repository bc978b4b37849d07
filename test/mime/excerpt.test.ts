import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ending, excerpt } from '../../server/mime/excerpt.ts'
import { structureFaults } from '../../server/mime/faults.ts'
import { readStructure } from '../../server/mime/structure.ts'

test('the beginning of a text, of whole characters', () => {
  assert.equal(excerpt('abc', 3), 'abc')
  assert.equal(excerpt('abcd', 3), 'abc')
  assert.equal(excerpt('ab😀', 3), 'ab')
  assert.equal(excerpt('ab😀', 4), 'ab😀')
  assert.equal(excerpt('a😀b', 3), 'a😀')
  assert.equal(excerpt('', 3), '')
})

test('a warning that quotes a field breaks no character in two', () => {
  const raw = Buffer.from(`Content-Type: ${'x'.repeat(79)}😀\r\n\r\n`)
  const [warning = ''] = structureFaults(raw, readStructure(raw))
  assert.match(warning, /x{79}\.$/)
})

test('the end of a text, of whole characters', () => {
  assert.equal(ending('abc', 3), 'abc')
  assert.equal(ending('abcd', 3), 'bcd')
  assert.equal(ending('😀ab', 3), 'ab')
  assert.equal(ending('😀ab', 4), '😀ab')
  assert.equal(ending('b😀a', 3), '😀a')
  assert.equal(ending('', 3), '')
})
