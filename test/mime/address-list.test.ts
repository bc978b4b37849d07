import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addressEntries, MAX_ADDRESSES, readAddressList } from '../../server/mime/address-list.ts'

const read = (text: string) => readAddressList(text).map(({ name, address }) => [name, address])

test('the examples of RFC 5322 appendix A.1', () => {
  assert.deepEqual(read('John Doe <jdoe@machine.example>'), [['John Doe', 'jdoe@machine.example']])
  assert.deepEqual(read('Mary Smith <mary@x.test>, jdoe@example.org, Who? <one@y.test>'), [
    ['Mary Smith', 'mary@x.test'],
    ['', 'jdoe@example.org'],
    ['Who?', 'one@y.test'],
  ])
  assert.deepEqual(read('<boss@nil.test>, "Giant; \\"Big\\" Box" <sysservices@example.net>'), [
    ['', 'boss@nil.test'],
    ['Giant; "Big" Box', 'sysservices@example.net'],
  ])
  assert.deepEqual(read('A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;'), [
    ['Ed Jones', 'c@a.test'],
    ['', 'joe@where.test'],
    ['John', 'jdoe@one.test'],
  ])
  assert.deepEqual(read('Undisclosed recipients:;'), [])
})

test('comments and obsolete forms (RFC 5322 appendix A.5 and A.6.1)', () => {
  assert.deepEqual(read('Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>'), [
    ['Pete', 'pete@silly.test'],
  ])
  assert.deepEqual(
    read(
      "A Group(Some people) :Chris Jones <c@(Chris's host.)public.example>, joe@example.org, John <jdoe@one.test> (my dear friend); (the end of the group)",
    ),
    [
      ['Chris Jones', 'c@public.example'],
      ['', 'joe@example.org'],
      ['John', 'jdoe@one.test'],
    ],
  )
  assert.deepEqual(read('Joe Q. Public <john.q.public@example.com>'), [
    ['Joe Q. Public', 'john.q.public@example.com'],
  ])
  assert.deepEqual(
    read('Mary Smith <@node.test,@b.test:mary@example.net>, , jdoe@test . example'),
    [
      ['Mary Smith', 'mary@example.net'],
      ['. example', 'jdoe@test'],
    ],
  )
  assert.deepEqual(read('pete@silly.test (Pete)'), [['Pete', 'pete@silly.test']])
})

test('quoted local parts keep their quotes', () => {
  assert.deepEqual(read('"john doe"@example.com'), [['', '"john doe"@example.com']])
  assert.deepEqual(read('x "a\\"b"@example.com'), [['x', '"a\\"b"@example.com']])
  assert.deepEqual(read('x <"a, <b>"@example.com>'), [['x', '"a, <b>"@example.com']])
})

test('names are decoded, also inside quotes and with a comma; addresses never', () => {
  assert.deepEqual(read('=?utf-8?q?J=C3=BCrgen?= <j@x.de>, "=?utf-8?b?w6Q=?=" <a@x.de>'), [
    ['Jürgen', 'j@x.de'],
    ['ä', 'a@x.de'],
  ])
  assert.deepEqual(read('=?utf-8?q?Doe, J?= <j@x.de>'), [['Doe, J', 'j@x.de']])
  assert.deepEqual(read('=?utf-8?b?cG90dXM=?=@x.test'), [['', '=?utf-8?b?cG90dXM=?=@x.test']])
})

test('what a person would read in a broken list', () => {
  assert.deepEqual(read('Alice alice@example.com'), [['Alice', 'alice@example.com']])
  assert.deepEqual(read('bob@@a..b, <open@x.test, "no close <x@y.z>, ,,; foo bar; <>'), [
    ['', 'bob@@a..b'],
    ['', 'open@x.test'],
    ['no close', 'x@y.z'],
    ['foo bar', ''],
  ])
  assert.deepEqual(read('a@x.test; b@x.test'), [
    ['', 'a@x.test'],
    ['', 'b@x.test'],
  ])
  assert.deepEqual(read(''), [])
})

test('at most so many', () => {
  assert.equal(readAddressList('a@b.c,'.repeat(MAX_ADDRESSES + 5)).length, MAX_ADDRESSES)
})

test('large hostile lists', () => {
  for (const piece of [
    '"',
    '<',
    '(',
    ':',
    'g:',
    '@',
    '\\',
    '=?',
    '=?a?q?',
    '<"',
    '<(',
    '"\\',
    '<@,',
  ]) {
    for (const { name, address } of readAddressList(piece.repeat(100_000))) {
      assert.equal(typeof name + typeof address, 'stringstring')
    }
  }
})

test('any text: addresses without control characters, none empty', () => {
  const piece = fc.constantFrom(
    '"',
    '<',
    '>',
    '(',
    ')',
    ',',
    ';',
    ':',
    '@',
    '\\',
    'a',
    ' ',
    '\0',
    '=?utf-8?q?=0A?=',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
      for (const { name, address } of readAddressList(pieces.join(''))) {
        assert.notEqual(name + address, '')
        assert.doesNotMatch(name + address, /[\u0000-\u001f]/)
      }
    }),
    { numRuns: 5_000 },
  )
})

test('entries as they are written, with what each ends with', () => {
  const entries = [...addressEntries('A Group: "x, y" <a@b> (c), =?utf-8?q?z?= <c@d>; e@f')]
  assert.deepEqual(
    entries.map(({ phrase, angle, comment, end }) => [phrase.trim(), angle, comment, end]),
    [
      ['A Group', null, '', ':'],
      ['x, y', 'a@b', 'c', ','],
      ['=?utf-8?q?z?=', 'c@d', '', ';'],
      ['e@f', null, '', ''],
    ],
  )
})
