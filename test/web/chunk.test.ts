import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chunk } from '../../web/chunk.ts'

describe('blocks of a long text', () => {
  it('hold so many lines each, and lose nothing', () => {
    const text = Array.from({ length: 10 }, (_, at) => `line ${at}\r\n`).join('')
    const blocks = chunk(text, 4)
    assert.deepEqual(
      blocks.map(block => block.split('\n').length - 1),
      [4, 4, 2],
    )
    assert.equal(blocks.join(''), text)
    assert.deepEqual(chunk('', 4), [])
    assert.deepEqual(chunk('one line', 4), ['one line'])
  })

  it('are cut inside a line that is too long', () => {
    const text = `a\n${'x'.repeat(350)}\nb`
    const blocks = chunk(text, 10, 100)
    assert.equal(blocks.join(''), text)
    assert.equal(Math.max(...blocks.map(block => block.length)), 100)
  })

  it('take work in proportion to the text', () => {
    assert.equal(chunk('\n'.repeat(1_000_000), 200).length, 5000)
  })
})
