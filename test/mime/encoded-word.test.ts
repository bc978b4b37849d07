import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeEncodedWords as decode, withoutControls } from '../../server/mime/encoded-word.ts'

test('the examples of RFC 2047 §8', () => {
  assert.equal(decode('(=?ISO-8859-1?Q?a?=)'), '(a)')
  assert.equal(decode('(=?ISO-8859-1?Q?a?= b)'), '(a b)')
  assert.equal(decode('(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)'), '(ab)')
  assert.equal(decode('(=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=)'), '(ab)')
  assert.equal(decode('(=?ISO-8859-1?Q?a_b?=)'), '(a b)')
  assert.equal(decode('(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)'), '(a b)')
  assert.equal(
    decode(
      '=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=',
    ),
    'If you can read this you understand the example.',
  )
})

test('a multibyte character cut in two, by either encoding', () => {
  assert.equal(decode('=?utf-8?B?w7w=?= =?utf-8?B?w7w=?='), 'üü')
  assert.equal(decode('=?UTF-8?Q?gr=C3?= =?utf-8?q?=BC=C3?= =?utf-8?B?nw==?='), 'grüß')
})

test('the language tag of RFC 2231 §5 is passed over', () => {
  assert.equal(decode('=?iso-8859-1*de?Q?Pr=FCfung?='), 'Prüfung')
})

test('what is no encoded-word stays as it is', () => {
  for (const text of ['=?bad?X?no?=', '=?utf-8?Q?open', '=?=', 'a =? b ?=', '=?utf-8?Q?a', '']) {
    assert.equal(decode(text), text)
  }
  assert.equal(decode('=?utf-8?Q?a=ZZ=4?='), 'a=ZZ=4')
})

test('white space that broken programs leave in the text', () => {
  assert.equal(decode('=?utf-8?Q?Hello World?= x'), 'Hello World x')
})

test('nothing that comes out can end a line', () => {
  assert.equal(decode('=?utf-8?Q?a=0D=0ABcc:_x=00=1B[m=C2=85?='), 'a  Bcc: x  [m ')
  assert.equal(withoutControls('a\tb\x7fc'), 'a b c')
})

test('many words, and many beginnings of words', () => {
  assert.equal(decode('=?utf-8?B?w7w=?= '.repeat(50_000)).trim(), 'ü'.repeat(50_000))
  const openings = '=?a?q?'.repeat(100_000)
  assert.equal(decode(openings), openings)
})
