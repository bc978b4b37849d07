import assert from 'node:assert/strict'
import { type Condition, Facts } from '../../../server/store/condition.ts'
import type { Entry } from '../../../server/store/message.ts'
import { readQuery } from '../../../server/store/query.ts'
import { QueryError } from '../../../server/store/query-error.ts'
import {
  formatTerm,
  hasTerm,
  isUnfinished,
  readTerms,
  withoutTerm,
  withTerm,
} from '../../../web/query-terms.ts'
import { mutate } from '../mutate.ts'
import { query } from '../search-text.ts'
import { sought } from '../sought.ts'
import type { Target } from '../target.ts'

const NOW = Date.parse('2026-11-22T00:00:00Z')

/** Only a QueryError that points into the text is thrown. */
const read = (text: string): Condition | null => {
  try {
    return readQuery(text, NOW)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const { parameter, position = -1 } = error
    assert.equal(parameter, 'q')
    assert.ok(position >= 0 && position <= text.length, `${position} of ${text.length}`)
    return null
  }
}

/** What the page makes of a search. */
const checkPage = (text: string, isRead: boolean): void => {
  const { terms, isBalanced } = readTerms(text)
  let before = 0
  for (const { start, end, depth, operator, value } of terms) {
    assert.ok(start >= before && end > start && end <= text.length, 'place of a term')
    assert.ok(depth >= 0)
    assert.equal(operator, operator.toLowerCase())
    assert.ok(value.length <= end - start)
    before = end
  }
  if (isRead)
    assert.equal(isBalanced, true, 'the page finds a search unbalanced that the server reads')
  isUnfinished(text, text.length)
}

/** What a person chose beside the search is in it, and goes out again. */
const checkTerm = (text: string, value: string): void => {
  const said = formatTerm('tag', value)
  const [term, ...others] = readTerms(said).terms
  assert.equal(others.length, 0, said)
  assert.equal(term?.value, value, said)
  assert.equal(term?.operator, 'tag')
  const narrowed = withTerm(text, 'tag', value)
  assert.equal(hasTerm(narrowed, 'tag', value), true, narrowed)
  if (!read(text)) return
  assert.ok(
    narrowed.length > 1000 || readTerms(narrowed).terms.length > 50 || read(narrowed),
    narrowed,
  )
  const out = withoutTerm(narrowed, 'tag', value)
  assert.equal(hasTerm(out, 'tag', value), false, out)
}

/** A search, and after its line a text to look for it in: as the server and as the page read it. */
export const target: Target = {
  name: 'query',
  make(random) {
    const search = () => Buffer.from(`${query(random)}\n${query(random)}`)
    return mutate(search(), random, search)
  },
  check(input) {
    const octets = Buffer.from(input)
    const end = octets.indexOf('\n')
    const text = octets.toString('utf8', 0, end === -1 ? octets.length : end)
    const rest = octets.toString('utf8', end === -1 ? octets.length : end + 1)
    const condition = read(text)
    checkPage(text, condition !== null)
    if (condition) {
      const entry: Entry = sought(rest)
      const facts = new Facts()
      const found = condition(entry, facts)
      assert.ok(found === true || found === false || facts.missing.size > 0 || facts.needsParsing)
      assert.equal(condition(entry, facts), found, 'found again')
    }
    const value = rest.slice(0, 20)
    // What the language cannot say, and what it says in another way.
    if (value.trim() !== '' && !/[*/"<>\\]/.test(value)) checkTerm(text.slice(0, 2000), value)
  },
}
