import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fitting, misfit } from '../../web/palette.ts'

const all = ['Search', 'Theme: Dark', 'Mark read or unread', 'Show Headers', 'Show Parts'].map(
  does => ({ does }),
)
const found = (typed: string): readonly string[] => fitting(typed, all).map(({ does }) => does)

describe('the palette', () => {
  it('finds by the beginnings of words, in any order', () => {
    assert.deepEqual(found('dark'), ['Theme: Dark'])
    assert.deepEqual(found('hea sh'), ['Show Headers'])
    assert.deepEqual(found('SHOW'), ['Show Headers', 'Show Parts'])
  })

  it('puts the beginning of a word before its middle', () => {
    assert.deepEqual(found('ar'), ['Search', 'Theme: Dark', 'Mark read or unread', 'Show Parts'])
    assert.deepEqual(found('read'), ['Mark read or unread'])
    assert.equal(misfit('re', 'read') < misfit('ea', 'read'), true)
  })

  it('finds nothing where a word does not fit, and everything for nothing', () => {
    assert.deepEqual(found('show zebra'), [])
    assert.deepEqual(found('  ').length, all.length)
  })
})
