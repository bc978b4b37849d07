import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collationKey } from '../../../../server/imap/commands/search/collation.ts'

test('case does not count, nor compatibility forms', () => {
  for (const [one, other] of [
    ['Hello', 'hELLO'],
    ['grün', 'GRÜN'],
    ['e\u0301', 'É'],
    ['Ａｂｃ', 'abc'],
    ['ǆ', 'Ǆ'],
    ['ǆ', 'ǅ'],
    ['ᾳ', 'ᾼ'],
    ['ᾀ', 'ᾈ'],
    ['привет', 'ПРИВЕТ'],
    ['\u{10428}', '\u{10400}'],
  ] as const) {
    assert.equal(collationKey(one), collationKey(other), `${one} ${other}`)
  }
})

test('what has no single character for its title case is another', () => {
  assert.notEqual(collationKey('straße'), collationKey('STRASSE'))
  assert.notEqual(collationKey('\u10d0'), collationKey('\u1c90'))
  // The steps come in this order: case, then forms.
  assert.notEqual(collationKey('ﬁne'), collationKey('fine'))
  assert.notEqual(collationKey('e'), collationKey('é'))
})

test('the order is that of the characters in UTF-8', () => {
  const texts = [
    '',
    '1',
    'a',
    'B',
    'ba',
    'z',
    'ö\u0323',
    'Ω',
    '日',
    '\ue000',
    '\uffee\u00a0',
    '😀',
    '😁',
  ]
  const keys = texts.map(collationKey)
  assert.deepEqual(
    [...keys].sort((a, b) => (a < b ? -1 : 1)),
    keys.toSorted(),
  )
  for (const [at, text] of texts.entries()) {
    for (const other of texts.slice(at + 1)) {
      const decomposed = (each: string) => Buffer.from(each.toUpperCase().normalize('NFKD'))
      const expected = Buffer.compare(decomposed(text), decomposed(other)) < 0
      assert.equal(collationKey(text) < collationKey(other), expected, `${text} ${other}`)
    }
  }
})
