import assert from 'node:assert/strict'
import { test } from 'node:test'
import { couldMatch, type Patterns } from '../../server/store/could-match.ts'
import { MailTransactions } from '../../server/store/mail-transactions.ts'
import type { Matcher } from '../../server/store/matcher.ts'

const begin = (rcptTo: readonly string[], isAddressed: boolean) => {
  const transaction = new MailTransactions().begin({
    listener: 'smtp',
    peer: { address: '127.0.0.1', port: 40_000 },
    authUser: 'app',
    mailFrom: 'app@example.com',
  })
  for (const address of rcptTo) transaction.addRecipient(address)
  if (isAddressed) transaction.address()
  return transaction
}

test('a transaction is ruled out by what is known of it, and by nothing else', () => {
  const cases: [matcher: Matcher, before: boolean, after: boolean][] = [
    [{}, true, true],
    [{ subject: 'x' }, true, true],
    [{ rcpt: 'bob@example.com' }, true, true],
    [{ rcpt: 'BOB@*' }, true, true],
    [{ rcpt: 'ann@example.com' }, true, false],
    [{ rcpt: ['bob@example.com', 'ann@example.com'] }, true, false],
    // A header may name her.
    [{ address: 'ann@example.com' }, true, true],
    [{ to: 'ann@example.com' }, true, true],
    [{ mailFrom: 'zoe@example.com' }, false, false],
    [{ mailFrom: '/^app@/' }, true, true],
    [{ authUser: 'app' }, true, true],
    [{ authUser: 'zoe' }, false, false],
    [{ any: [{ authUser: 'zoe' }, { rcpt: 'ann@example.com' }] }, true, false],
    [{ any: [{ authUser: 'zoe' }, { subject: 'x' }] }, true, true],
    [{ not: { authUser: 'app' } }, false, false],
    [{ not: { rcpt: 'bob@example.com' } }, false, false],
    [{ not: { rcpt: 'ann@example.com' } }, true, true],
    [{ not: { subject: 'x' } }, true, true],
    [{ subject: 'x', authUser: 'zoe' }, false, false],
  ]
  for (const [matcher, before, after] of cases) {
    const name = JSON.stringify(matcher)
    assert.equal(couldMatch(matcher, begin(['bob@example.com'], false)), before, name)
    assert.equal(couldMatch(matcher, begin(['bob@example.com'], true)), after, name)
  }
})

test('an expression that would take long is not asked', () => {
  const many = Array.from({ length: 1_000 }, (_, at) => `somebody-${at}@example.com`)
  assert.equal(couldMatch({ rcpt: '/((a|b){1,30}){1,30}z/' }, begin(many, true)), true)
  assert.equal(couldMatch({ rcpt: '/((a|b){1,30}){1,30}z/' }, begin(['x@y.z'], true)), false)
})

test('a transaction is open until it ends, once', async () => {
  const transactions = new MailTransactions()
  const origin = {
    listener: 'smtp',
    peer: { address: '::1', port: 1 },
    authUser: null,
    mailFrom: '',
  }
  const [first, second] = [transactions.begin(origin), transactions.begin(origin)]
  assert.deepEqual(transactions.open, [first, second])
  first.end()
  first.end()
  await first.ended
  assert.deepEqual(transactions.open, [second])
})

test('the patterns of a matcher are made once, however many transactions are open', () => {
  const expressions = Array.from({ length: 8 }, (_, at) => `/^${at}${'(a?){100}'.repeat(11)}[bc]/`)
  const matcher: Matcher = { any: expressions.map(mailFrom => ({ mailFrom })) }
  const patterns: Patterns = new Map()
  const transactions = Array.from({ length: 100 }, () => begin(['bob@example.com'], true))
  assert.ok(transactions.every(each => couldMatch(matcher, each, patterns)))
  assert.equal(patterns.size, 8)
  const made = [...patterns.values()]
  assert.ok(couldMatch(matcher, begin([], false), patterns))
  assert.deepEqual([...patterns.values()], made)
})
