import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { headerLength, rawFields } from '../../web/raw-header.ts'

describe('a raw header block', () => {
  it('ends at the empty line, whatever ends a line', () => {
    assert.equal(headerLength('A: 1\r\nB: 2\r\n\r\nbody\r\n\r\n'), 'A: 1\r\nB: 2\r'.length)
    assert.equal(headerLength('A: 1\n\nbody'), 4)
    assert.equal(headerLength('A: 1\r\rbody'), 4)
    assert.equal(headerLength('\r\nbody'), 0)
    assert.equal(headerLength('A: 1\r\nB'), -1)
  })

  it('is told field by field, folds and encoded-words as they are', () => {
    const block =
      'Subject: =?utf-8?q?a?=\r\n  and\r\n\tmore\r\nnonsense\r\nX-Empty:\r\nX-Odd :  two\r\nno field: x\r'
    assert.deepEqual(rawFields(block), [
      { name: 'Subject', value: '=?utf-8?q?a?=\r\n  and\r\n\tmore' },
      { name: '', value: 'nonsense' },
      { name: 'X-Empty', value: '' },
      { name: 'X-Odd', value: ' two' },
      { name: '', value: 'no field: x' },
    ])
    assert.deepEqual(rawFields(''), [])
  })
})
