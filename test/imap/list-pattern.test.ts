import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkWildcards, listPattern } from '../../server/imap/list-pattern.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'

const CASES: readonly (readonly [pattern: string, name: string, isMatch: boolean])[] = [
  ['*', 'a/b', true],
  ['%', 'a', true],
  ['%', 'a/b', false],
  ['%/%', 'a/b', true],
  ['a%', 'a', true],
  ['a%', 'abc', true],
  ['a%', 'ab/c', false],
  ['a*', 'ab/c', true],
  ['*c', 'ab/c', true],
  ['%c', 'ab/c', false],
  ['a%b%c', 'axbxc', true],
  ['', '', true],
  ['', 'a', false],
  ['inbox', 'INBOX', true],
  ['InBox/*', 'INBOX/a', true],
  ['a', 'A', false],
  ['%*', 'a/b', true],
  ['*%', 'a/b', true],
  ['[a-z]', 'b', false],
  ['.', 'a', false],
  ['a*', '', false],
  ['*é%', 'aé', true],
  ['*%INBOX', 'INBOX', true],
  ['in*ox', 'INBOX', true],
]

test('* stands for anything, % for anything but the separator (RFC 9051 §6.3.9)', () => {
  for (const [pattern, name, isMatch] of CASES) {
    assert.equal(listPattern(pattern)(name), isMatch, `${pattern} and ${name}`)
  }
})

const seed = chosenSeed()

test(`as a regular expression would have it (seed ${seed})`, () => {
  const random = randomFrom(seed)
  const some = (letters: string, most: number) =>
    Array.from({ length: random.integer(most) }, () => random.pick([...letters])).join('')
  for (let count = 0; count < 5_000; count++) {
    const pattern = some('ab/*%', 7)
    const name = some('ab/', 8)
    const expected = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('%', '[^/]*')}$`)
    assert.equal(listPattern(pattern)(name), expected.test(name), `${pattern} and ${name}`)
  }
})

test('a long pattern costs no more than its length times the name', () => {
  const since = performance.now()
  const name = 'a'.repeat(2_000)
  for (const pattern of ['*a'.repeat(999), '%a'.repeat(999), '*'.repeat(60_000)]) {
    const isMatch = listPattern(`${pattern}b`)
    for (let count = 0; count < 20; count++) assert.equal(isMatch(name), false)
  }
  assert.equal(listPattern('a'.repeat(60_000))(name), false)
  assert.ok(performance.now() - since < 1_000)
})

test('wildcards are counted in the reference, with each pattern; those in a row are one', () => {
  const isRefused = { message: 'too many wildcards', code: 'LIMIT' }
  checkWildcards(
    '',
    Array.from({ length: 100 }, () => '%/'.repeat(10)),
  )
  checkWildcards('*%*'.repeat(300), ['a'.repeat(60_000)])
  assert.throws(() => checkWildcards('', ['*a'.repeat(1_001)]), isRefused)
  assert.throws(() => checkWildcards('%a'.repeat(11), Array(100).fill('')), isRefused)
})
