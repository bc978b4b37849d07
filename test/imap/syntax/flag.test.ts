import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ImapError } from '../../../server/imap/errors.ts'
import { FLAG_LIMITS, isSameFlag, readFlag, readFlags } from '../../../server/imap/syntax/flag.ts'

test('system flags and registered keywords have one spelling', () => {
  assert.equal(readFlag('\\seen'), '\\Seen')
  assert.equal(readFlag('\\ANSWERED'), '\\Answered')
  assert.equal(readFlag('$mdnsent'), '$MDNSent')
  assert.equal(readFlag('$NOTJUNK'), '$NotJunk')
})

test('other keywords keep theirs', () => {
  for (const flag of ['NonJunk', '$label1', 'foo[', 'a.b-c_d', '~x', '1']) {
    assert.equal(readFlag(flag), flag)
  }
})

test('what a client cannot set is refused', () => {
  for (const flag of ['', '\\', '\\Recent', '\\*', '\\foo', 'a b', 'a(b', 'a]', 'ü', 'a"', 'a%']) {
    assert.equal(readFlag(flag), null, flag)
  }
})

test('each flag is there once, and not too many', () => {
  assert.deepEqual(readFlags(['\\Seen', 'foo', 'FOO', 'bar']), ['\\Seen', 'foo', 'bar'])
  const many = (count: number) => Array.from({ length: count }, (_, at) => `k${at}`)
  assert.equal(readFlags(many(FLAG_LIMITS.count)).length, FLAG_LIMITS.count)
  const isLimit = (error: unknown) =>
    error instanceof ImapError && error.response.startsWith('NO [LIMIT] ')
  assert.throws(() => readFlags(many(FLAG_LIMITS.count + 1)), isLimit)
  assert.deepEqual(readFlags(['k'.repeat(FLAG_LIMITS.length)]), ['k'.repeat(FLAG_LIMITS.length)])
  assert.throws(() => readFlags(['k'.repeat(FLAG_LIMITS.length + 1)]), isLimit)
})

test('flags are the same whatever their case', () => {
  assert.equal(isSameFlag('$Foo', '$fOO'), true)
  assert.equal(isSameFlag('foo', 'fool'), false)
})
