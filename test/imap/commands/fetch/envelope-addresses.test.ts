import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readEnvelopeAddresses } from '../../../../server/imap/commands/fetch/envelope-addresses.ts'
import { printAddresses } from '../../../../server/imap/syntax/print.ts'
import { MAX_ADDRESSES } from '../../../../server/mime/address-list.ts'

/** Without the outer parentheses. */
const print = (...texts: string[]) => printAddresses(readEnvelopeAddresses(texts)).slice(1, -1)

const compare = (cases: readonly (readonly [text: string, printed: string])[]) => {
  for (const [text, printed] of cases) assert.equal(print(text), printed, text)
}

test('names, comments, quotes and routes (RFC 5322 §3.4, §4.4)', () => {
  compare([
    ['a@b', '(NIL NIL "a" "b")'],
    ['Foo  Bar <a@b>', '("Foo Bar" NIL "a" "b")'],
    ['"Bar, \\"Foo\\"" <a@b>', '("Bar, \\"Foo\\"" NIL "a" "b")'],
    ['a@b (Foo (x) Bar)', '("Foo (x) Bar" NIL "a" "b")'],
    ['Foo (c) Bar <a@b>', '("Foo Bar" NIL "a" "b")'],
    ['"" <a@b>', '(NIL NIL "a" "b")'],
    ['"a b"@c', '(NIL NIL "a b" "c")'],
    ['"a\\"b"@c', '(NIL NIL "a\\"b" "c")'],
    ['x <"a@b"@c>', '("x" NIL "a@b" "c")'],
    ['<@r1,@r2:u@d>', '(NIL "@r1,@r2" "u" "d")'],
    ['a@[127.0.0.1]', '(NIL NIL "a" "[127.0.0.1]")'],
    ['Foo <a @ b . c>', '("Foo" NIL "a" "b.c")'],
    ['=?utf-8?q?=C3=B6,?= <a@b>', '("=?utf-8?q?=C3=B6,?=" NIL "a" "b")'],
  ])
})

test('groups begin and end, and always both', () => {
  const end = '(NIL NIL NIL NIL)'
  compare([
    ['undisclosed-recipients:;', `(NIL NIL "undisclosed-recipients" NIL)${end}`],
    [
      'A Group: x@y, Z <z@w>; q@q',
      `(NIL NIL "A Group" NIL)(NIL NIL "x" "y")("Z" NIL "z" "w")${end}(NIL NIL "q" "q")`,
    ],
    ['G: a@b', `(NIL NIL "G" NIL)(NIL NIL "a" "b")${end}`],
    ['A: B: c@d;;', `(NIL NIL "A" NIL)${end}(NIL NIL "B" NIL)(NIL NIL "c" "d")${end}`],
    [':;', `(NIL NIL "" NIL)${end}`],
  ])
  assert.equal(print('G: a@b', 'c@d'), `(NIL NIL "G" NIL)(NIL NIL "a" "b")${end}(NIL NIL "c" "d")`)
})

test('of a broken address the half that is missing gets a name, so that it is no group', () => {
  compare([
    ['foo', '(NIL NIL "foo" "MISSING_DOMAIN")'],
    ['<foo>', '(NIL NIL "foo" "MISSING_DOMAIN")'],
    ['foo (Foo Bar)', '("Foo Bar" NIL "foo" "MISSING_DOMAIN")'],
    ['foo bar', '("foo bar" NIL "MISSING_MAILBOX" "MISSING_DOMAIN")'],
    ['"foo"', '("foo" NIL "MISSING_MAILBOX" "MISSING_DOMAIN")'],
    ['Foo <>', '("Foo" NIL "MISSING_MAILBOX" "MISSING_DOMAIN")'],
    ['@x', '(NIL NIL "MISSING_MAILBOX" "x")'],
    ['a@', '(NIL NIL "a" "MISSING_DOMAIN")'],
    ['a@b@c', '(NIL NIL "a@b" "c")'],
    ['Foo <a@b', '("Foo" NIL "a" "b")'],
    ['a@b; c@d', '(NIL NIL "a" "b")(NIL NIL "c" "d")'],
    [',, a@b, ,', '(NIL NIL "a" "b")'],
    ['', 'I'],
    [' <> , ()', 'I'],
  ])
})

test('no more than the limit, and in linear time', () => {
  const many = readEnvelopeAddresses([`a@b,${'c@d,'.repeat(20_000)}`, 'e@f'])
  assert.equal(many.length, MAX_ADDRESSES)
  const began = performance.now()
  for (const text of ['"', '(', '<', '\\', 'a:', '=?', ' ', '@', '"\\', ';:']) {
    readEnvelopeAddresses([text.repeat(100_000)])
  }
  assert.ok(performance.now() - began < 5_000)
})
