import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { readQuery } from '../../server/store/query.ts'
import {
  formatTerm,
  hasTerm,
  isUnfinished,
  readTerms,
  withoutTerm,
  withTerm,
} from '../../web/query-terms.ts'

const isRead = (q: string): boolean => {
  try {
    readQuery(q, 0)
    return true
  } catch {
    return false
  }
}

describe('the terms of a search', () => {
  it('are found where they stand', () => {
    const { terms, hasChoice, isBalanced } = readTerms(
      'ann -from:"a b" (tag:x OR !y) /z/ to:/p q/i',
    )
    assert.deepEqual(
      terms.map(({ operator, value, isNegated, depth }) => [operator, value, isNegated, depth]),
      [
        ['', 'ann', false, 0],
        ['from', 'a b', true, 0],
        ['tag', 'x', false, 1],
        ['', 'y', true, 1],
        ['', '/z/', false, 0],
        ['to', '/p q/i', false, 0],
      ],
    )
    assert.deepEqual([hasChoice, isBalanced], [false, true])
    assert.equal(readTerms('a OR b').hasChoice, true)
    for (const text of ['(a', 'a)', '"a', 'from:"a']) {
      assert.equal(readTerms(text).isBalanced, false, text)
    }
  })

  it('are there when all results have them', () => {
    assert.equal(hasTerm('x is:unread', 'is', 'unread'), true)
    assert.equal(hasTerm('Rcpt:ANN@x.test', 'rcpt', '<ann@x.test>'), true)
    assert.equal(hasTerm('rcpt:<ann@x.test>', 'rcpt', '<ann@x.test>'), true)
    assert.equal(hasTerm('tag:"two words"', 'tag', 'Two Words'), true)
    for (const q of ['is:read', '-is:unread', 'a OR is:unread', '(is:unread)', 'is:unread "']) {
      assert.equal(hasTerm(q, 'is', 'unread'), false, q)
    }
  })

  it('are taken out, and the rest stays as it was', () => {
    assert.equal(withoutTerm('a  is:unread b', 'is', 'unread'), 'a b')
    assert.equal(withoutTerm('rcpt:<Ann@x.test> "b  c"', 'rcpt', '<ann@x.test>'), '"b  c"')
    assert.equal(withoutTerm('a OR is:unread', 'is', 'unread'), 'a OR is:unread')
  })

  it('are put in, whatever is there', () => {
    assert.equal(withTerm('', 'is', 'unread'), 'is:unread')
    assert.equal(withTerm('ann', 'tag', 'two words'), 'ann tag:"two words"')
    assert.equal(withTerm('a OR b', 'is', 'unread'), '(a OR b) is:unread')
    assert.equal(withTerm('x from:', 'is', 'unread'), 'x is:unread')
    assert.equal(withTerm('x (', 'is', 'unread'), 'is:unread')
    assert.equal(withTerm('(x)- ! ', 'is', 'unread'), '(x) is:unread')
    assert.equal(withTerm('(x)OR', 'is', 'unread'), '(x) is:unread')
    const only = { isOnly: true }
    assert.equal(withTerm('a rcpt:b c', 'rcpt', '<d>', only), 'a c rcpt:<d>')
    assert.equal(withTerm('rcpt:b OR c', 'rcpt', '<d>', only), '(rcpt:b OR c) rcpt:<d>')
    assert.equal(withTerm('-rcpt:b', 'rcpt', '<d>', only), '-rcpt:b rcpt:<d>')
  })

  it('make a search that the server can read, and go out again', () => {
    const piece = fc.oneof(
      fc.constantFrom('a', '-b', 'OR', '(', ')', '"', 'from:', 'tag:x', '"p q"', 'to:/r s/'),
      fc.string({ maxLength: 5 }),
    )
    let read = 0
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), fc.string({ maxLength: 8 }), (all, value) => {
        fc.pre(value.trim() !== '' && !/[*/"<>\\]/.test(value))
        const before = all.join(' ')
        const after = withTerm(before, 'tag', value)
        assert.equal(hasTerm(after, 'tag', value), true, after)
        if (!isRead(before)) return
        read += 1
        assert.equal(isRead(after), true, after)
        const out = withoutTerm(after, 'tag', value)
        assert.equal(hasTerm(out, 'tag', value), false, out)
        assert.equal(out === '' || isRead(out), true, out)
      }),
      { numRuns: 3000 },
    )
    assert.equal(read > 300, true, `only ${read} searches could be read`)
  })

  it('end, however many signs stand before them', () => {
    for (const text of ['--', '--a', '!-! a', '- - -', '-(-', '"--', '-"-"-']) readTerms(text)
    assert.equal(readTerms('--a').terms[0]?.start, 0)
  })

  it('may wait for a value', () => {
    assert.equal(isUnfinished('hello from:', 11), true)
    assert.equal(isUnfinished('from: x', 5), true)
    assert.equal(isUnfinished('from:a', 6), false)
    assert.equal(isUnfinished('from: x', 7), false)
  })

  it('say quotation marks as any character', () => {
    assert.equal(formatTerm('tag', 'a "b"'), 'tag:"a *b*"')
    assert.equal(hasTerm(withTerm('', 'tag', 'a "b"'), 'tag', 'a "b"'), true)
  })
})
