import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Matcher, readMatcher } from '../../server/store/matcher.ts'
import { budgetLimits, PatternBudget } from '../../server/store/pattern-budget.ts'
import { QueryError } from '../../server/store/query-error.ts'

const list = <T>(length: number, make: (at: number) => T): T[] =>
  Array.from({ length }, (_, at) => make(at))
const refuses = (matcher: Matcher, parameter: string, message: RegExp) =>
  assert.throws(
    () => readMatcher(matcher, 0),
    (error: unknown) =>
      error instanceof QueryError &&
      error.parameter === parameter &&
      (error.position !== undefined) === (parameter === 'q') &&
      message.test(error.message),
  )

test('A matcher may have as many conditions as the limit, wherever they stand', () => {
  const fitting = budgetLimits.conditions
  readMatcher({ subject: list(fitting, String) }, 0)
  refuses({ subject: list(fitting + 1, String) }, 'subject', /more than 1000 conditions/)
  refuses(
    { header: Object.fromEntries(list(fitting + 1, at => [`X-${at}`, 'x'])) },
    'header.X-1000',
    /more/,
  )
  const words = list(50, String).join(' ')
  refuses({ any: list(20, () => ({ q: words })) }, 'q', /more/)
  refuses({ any: list(50, () => ({ any: list(50, () => ({})) })) }, 'any', /more/)
  refuses({ not: { any: list(fitting, () => ({ unread: true })) } }, 'any', /more/)
})

test('Regular expressions are refused by what they come to together, before that takes long', () => {
  readMatcher({ subject: list(50, at => `/^Order ${at}-[0-9]{4,8}$/i`) }, 0)
  const large = (at: number) => `/${at}${'(a?){100}'.repeat(12)}[bc]/`
  readMatcher({ subject: list(2, large) }, 0)
  refuses({ subject: list(3, large) }, 'subject', /too large together/)
  refuses({ q: list(50, () => 'subject:/(a?){99}b/').join(' ') }, 'q', /too large together/)
  // One by one it would take half a minute.
  const from = performance.now()
  refuses({ any: list(50, () => ({ subject: list(50, large) })) }, 'subject', /too large together/)
  for (const expression of ['\\p{L}{1,1000}'.repeat(70), '(a{1000})'.repeat(100)]) {
    refuses({ text: `/${expression}/i` }, 'text', /is too large/)
  }
  assert.ok(performance.now() - from < 3_000)
})

test('Several matchers can share a budget', () => {
  const budget = new PatternBudget()
  const some: Matcher = { to: list(400, at => `user-${at}@example.com`) }
  readMatcher(some, 0, budget)
  readMatcher(some, 0, budget)
  assert.throws(() => readMatcher(some, 0, budget), QueryError)
})
