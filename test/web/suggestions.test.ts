import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Facets } from '../../server/http/resources.ts'
import { readQuery } from '../../server/store/query.ts'
import { strings } from '../../web/strings.ts'
import { suggestionsFor, termAt } from '../../web/suggestions.ts'

const facet = (value: string) => ({ value, count: 2, unread: 1 })
const facets: Facets = {
  total: 4,
  unread: 2,
  withAttachments: 0,
  recipients: [facet('ann@x.test'), facet('bob@x.test')],
  senders: [facet('app@x.test')],
  tags: [facet('two words'), facet('billing')],
  feed: 'x-1',
}

const sources = { facets, found: null, recent: ['before'] }

/** What is suggested where `|` stands. */
const at = (typed: string, more: Partial<typeof sources> = {}): readonly string[] => {
  const caret = typed.indexOf('|')
  const all = suggestionsFor(typed.replace('|', ''), caret, { ...sources, ...more })
  return all.map(({ text }) => text)
}

/** The search once the first suggestion is taken. */
const take = (typed: string): string => {
  const caret = typed.indexOf('|')
  const text = typed.replace('|', '')
  const [first] = suggestionsFor(text, caret, sources)
  assert.ok(first, typed)
  const { taken } = first
  return `${taken.text.slice(0, taken.caret)}|${taken.text.slice(taken.caret)}`
}

describe('suggestions for a search', () => {
  it('are what was searched for and operators, before anything is typed', () => {
    const all = at('|')
    assert.equal(all.length, 8)
    assert.deepEqual(all.slice(0, 3), ['before', 'from:', 'to:'])
  })

  it('are the operators that begin so, then who and what is meant', () => {
    assert.deepEqual(at('re|'), ['reply-to:'])
    assert.deepEqual(at('hello F|'), ['from:', 'filename:'])
    assert.deepEqual(at('ann|'), ['rcpt:<ann@x.test>'])
    assert.deepEqual(at('bi|'), ['tag:billing'])
    assert.deepEqual(at('hello |'), [])
    assert.deepEqual(at('-fr|'), ['from:'])
  })

  it('are values after an operator', () => {
    assert.deepEqual(at('rcpt:|'), ['rcpt:<ann@x.test>', 'rcpt:<bob@x.test>'])
    assert.deepEqual(at('to:B|'), ['to:<bob@x.test>'])
    assert.deepEqual(at('from:<a|'), ['from:<app@x.test>'])
    assert.deepEqual(at('tag:"tw|'), ['tag:"two words"'])
    assert.deepEqual(at('is:un|'), ['is:unread'])
    assert.deepEqual(at('subject:x|'), [])
    // What is there is none; what the server found goes before what the page has.
    assert.deepEqual(at('tag:billing|'), [])
    const found = [facet('zoe@x.test')]
    const asked = suggestionsFor('to:z', 4, { ...sources, found })
    assert.deepEqual(
      asked.map(({ text }) => text),
      ['to:<zoe@x.test>'],
    )
    assert.deepEqual(suggestionsFor('rcpt:', 5, { ...sources, facets: null }), [])
  })

  it('take the place of what is typed, and of no more', () => {
    assert.equal(take('rcpt:an|'), 'rcpt:<ann@x.test> |')
    assert.equal(take('hello fr| x'), 'hello from:| x')
    assert.equal(take('tag:bi| hello'), 'tag:billing |hello')
    assert.equal(take('-fr|'), '-from:|')
    assert.equal(take('|'), 'before |')
  })

  it('know where a term stands', () => {
    assert.deepEqual(termAt('a b', 2), { operator: '', typed: '', start: 2, end: 2 })
    assert.deepEqual(termAt('-to:ab c', 5), { operator: 'to', typed: 'a', start: 1, end: 6 })
  })

  it('offer nothing that the server does not know', () => {
    for (const [operator, values] of Object.entries(strings.search.values)) {
      for (const value of Object.keys(values)) readQuery(`${operator}:${value}`, 0)
    }
    const samples: Readonly<Record<string, string>> = {
      header: 'a=b',
      after: '2026-01-31',
      before: '2026-01-31',
      is: 'read',
      has: 'inline',
      newer: '1h',
      older: '1h',
      larger: '1k',
      smaller: '1k',
    }
    for (const operator of Object.keys(strings.search.operators)) {
      readQuery(`${operator}:${samples[operator] ?? 'x'}`, 0)
    }
    assert.throws(() => readQuery('http:x', 0))
  })
})
