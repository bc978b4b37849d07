import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Parser } from '../../../server/imap/syntax/parser.ts'
import {
  printAddresses,
  printAstring,
  printList,
  printLiteralHead,
  printMailbox,
  printNstring,
  printStatus,
  printString,
} from '../../../server/imap/syntax/print.ts'
import { commandText } from '../../helpers/command-text.ts'

test('a string is quoted where it can be, and a literal where not', () => {
  assert.equal(printString(''), '""')
  assert.equal(printString('a "b" \\c'), '"a \\"b\\" \\\\c"')
  assert.equal(printString('a\r\n* BYE'), '{8}\r\na\r\n* BYE')
  assert.equal(printString('a\tb'), '{3}\r\na\tb')
  assert.equal(printString('ü'), '{2}\r\nü')
  assert.equal(printString('ü', true), '"ü"')
  assert.equal(printString('\u2028\u{1f600}', true), '"\u2028\u{1f600}"')
  assert.equal(printString('\x85', true), '{2}\r\n\x85')
  assert.equal(printString('\ud800', true), '{3}\r\n\ud800')
  assert.equal(printString('a\0b'), '{5}\r\na\ufffdb')
  assert.equal(printString('x'.repeat(1_000)), `"${'x'.repeat(1_000)}"`)
  assert.equal(printString('x'.repeat(1_001)), `{1001}\r\n${'x'.repeat(1_001)}`)
})

test('NIL is nothing, and never a text', () => {
  assert.equal(printNstring(null), 'NIL')
  assert.equal(printNstring('NIL'), '"NIL"')
  assert.equal(printAstring('nil'), '"nil"')
})

test('an astring is an atom where it can be', () => {
  assert.equal(printAstring('INBOX'), 'INBOX')
  for (const text of ['', 'a b', 'a*', 'a%', 'a(', 'a{', 'a]', 'a"', 'a\\']) {
    assert.match(printAstring(text), /^".*"$/)
  }
})

test('mailbox names are what the client understands', () => {
  assert.equal(printMailbox('INBOX', false), 'INBOX')
  assert.equal(printMailbox('Entwürfe', false), 'Entw&APw-rfe')
  assert.equal(printMailbox('Entwürfe', true), '"Entwürfe"')
  assert.equal(printMailbox('a b&c', false), '"a b&-c"')
})

test('lists, literals and addresses', () => {
  assert.equal(printList([]), '()')
  assert.equal(printList(['\\Seen', 'foo']), '(\\Seen foo)')
  assert.equal(printLiteralHead(5), '{5}\r\n')
  assert.equal(printLiteralHead(5, { isBinary: true }), '~{5}\r\n')
  assert.equal(printAddresses([]), 'NIL')
  // RFC 9051 §7.5.2, in the example of an ENVELOPE.
  const terry = { name: 'Terry Gray', route: null, mailbox: 'gray', host: 'cac.washington.edu' }
  assert.equal(printAddresses([terry]), '(("Terry Gray" NIL "gray" "cac.washington.edu"))')
  const group = { name: null, route: null, mailbox: 'friends', host: null }
  const end = { name: null, route: null, mailbox: null, host: null }
  assert.equal(
    printAddresses([group, terry, end]),
    '((NIL NIL "friends" NIL)("Terry Gray" NIL "gray" "cac.washington.edu")(NIL NIL NIL NIL))',
  )
})

test('a status is one line, whatever its text', () => {
  assert.equal(printStatus('OK', 'done'), 'OK done')
  assert.equal(printStatus('OK', 'done', 'UIDNEXT 4'), 'OK [UIDNEXT 4] done')
  assert.equal(printStatus('NO', 'a\r\nb ü'), 'NO a??b ?')
})

test('what is printed reads as itself, and nothing but itself', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '\r', '\n', 'a', ' ', ')', '{3}', 'ü', '\t') }),
  )
  const property = fc.property(text, fc.boolean(), (text, isUtf8) => {
    for (const print of [printString, printAstring, printNstring]) {
      const printed = print(text, isUtf8)
      const sent = Buffer.from(`${printed} end`).toString('latin1')
      const parser = new Parser(commandText(sent))
      const read = print === printNstring ? parser.nstring() : parser.astring()
      assert.equal(read, text.replaceAll('\0', '\ufffd'))
      parser.space()
      assert.equal(parser.atom(), 'end')
      // Outside its octets, no literal has a line of its own.
      if (!printed.startsWith('{')) assert.doesNotMatch(printed, /[\r\n]/)
    }
  })
  fc.assert(property, { seed: 42, numRuns: 2_000 })
})
