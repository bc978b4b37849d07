import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ImapError } from '../../../server/imap/errors.ts'
import {
  decodeModifiedUtf7,
  encodeModifiedUtf7,
  printMailboxName,
  readMailboxName,
} from '../../../server/imap/syntax/mailbox-name.ts'

const PAIRS = {
  '': '',
  INBOX: 'INBOX',
  'R&-D': 'R&D',
  'Entw&APw-rfe': 'Entwürfe',
  '&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-': 'Отправленные',
  // RFC 3501 §5.1.3
  '~peter/mail/&U,BTFw-/&ZeVnLIqe-': '~peter/mail/台北/日本語',
  '&Jjo-!': '☺!',
  '&U,BTF2XlZyyKng-': '台北日本語',
  '&2D3eAA-': '😀',
}

test('modified UTF-7, both ways', () => {
  for (const [encoded, name] of Object.entries(PAIRS)) {
    if (encoded === '&U,BTF2XlZyyKng-') continue
    assert.equal(encodeModifiedUtf7(name), encoded)
    assert.equal(decodeModifiedUtf7(encoded), name)
  }
})

test('what is no modified UTF-7 is refused', () => {
  const wrong = [
    '&',
    'a&b',
    '&Jjo',
    '&Jjo!',
    '&Jjo!-',
    '&U,BTFw-&ZeVnLIqe-', // a superfluous shift
    '&AGE-', // printable ASCII
    '&AGEA4Q-',
    '&Jj-', // half a character
    '&JjoA-',
    '&Jjp-', // stray bits
    '&2D0-', // half a surrogate pair
    '&3gDYPQ-',
    'ü',
    'a\x00',
  ]
  for (const text of wrong) assert.equal(decodeModifiedUtf7(text), null, text)
})

test('INBOX has no case, and every other name has', () => {
  for (const isUtf8 of [false, true]) {
    for (const name of ['inbox', 'InBoX', 'INBOX']) {
      assert.equal(readMailboxName(name, isUtf8), 'INBOX')
    }
    for (const name of ['inboxes', 'Inbox/a', 'ınbox']) {
      assert.equal(readMailboxName(name, isUtf8), name)
    }
  }
})

test('names are UTF-8 once that is enabled, and before where they can be nothing else', () => {
  assert.equal(readMailboxName('R&-D', true), 'R&-D')
  assert.equal(readMailboxName('R&-D', false), 'R&D')
  assert.equal(readMailboxName('Entwürfe & Co', true), 'Entwürfe & Co')
  assert.equal(readMailboxName('Entwürfe & Co', false), 'Entwürfe & Co')
  assert.equal(printMailboxName('Entwürfe & Co', true), 'Entwürfe & Co')
  assert.equal(printMailboxName('Entwürfe & Co', false), 'Entw&APw-rfe &- Co')
})

test('a name that no mailbox can have is a NO', () => {
  const refused = (text: string, isUtf8: boolean) =>
    assert.throws(
      () => readMailboxName(text, isUtf8),
      error => error instanceof ImapError && error.response.startsWith('NO [CANNOT] '),
      text,
    )
  for (const text of ['R&D', '&AAo-', 'a\tb', '&IA4', '&ICg-']) refused(text, false)
  for (const text of ['a\x7f', 'a\x85', 'a\u2028', 'a\u2029b', 'a\nb']) refused(text, true)
})

test('every name that is printed reads as itself', () => {
  const unit = fc.oneof(
    fc.constantFrom('&', '-', '/', ',', '+', ' ', '"', '\\', '*', '%', 'ü', '日', '😀'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
  )
  const name = fc
    .array(unit, { maxLength: 12 })
    .map(pieces => pieces.join('').replace(/[\u2028\u2029]/g, ''))
  const property = fc.property(name, fc.boolean(), (name, isUtf8) => {
    const printed = printMailboxName(name, isUtf8)
    if (!isUtf8) assert.match(printed, /^[\x20-\x7e]*$/)
    assert.equal(readMailboxName(printed, isUtf8), /^inbox$/i.test(name) ? 'INBOX' : name)
  })
  fc.assert(property, { seed: 42, numRuns: 2_000 })
})

test('whatever the text is, it is a name or a NO', () => {
  const property = fc.property(
    fc.string({ unit: fc.constantFrom(...'&-,+AJjo/U!\u{10ffff}') }),
    text => {
      const name = decodeModifiedUtf7(text)
      if (name !== null) assert.equal(encodeModifiedUtf7(name), text)
    },
  )
  fc.assert(property, { seed: 42, numRuns: 5_000 })
})
