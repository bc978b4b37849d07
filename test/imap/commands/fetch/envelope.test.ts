import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { NO_ENVELOPE, printEnvelope } from '../../../../server/imap/commands/fetch/envelope.ts'
import { readHeader } from '../../../../server/mime/header.ts'
import { plain, readFetchResponse } from '../../../helpers/fetched.ts'

const print = (text: string, isUtf8 = false) =>
  printEnvelope(readHeader(Buffer.from(`${text}\r\n\r\n`, 'latin1')), isUtf8)

test('the example of RFC 9051 §8', () => {
  const header = [
    'Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
    'From: Terry Gray <gray@cac.washington.edu>',
    'Subject: IMAP4rev2 WG mtg summary and minutes',
    'To: imap@cac.washington.edu',
    'cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>',
    'Message-Id: <B27397-0100000@cac.washington.edu>',
    'MIME-Version: 1.0',
    'Content-Type: TEXT/PLAIN; CHARSET=US-ASCII',
  ].join('\r\n')
  const gray = '(("Terry Gray" NIL "gray" "cac.washington.edu"))'
  assert.equal(
    print(header),
    `("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev2 WG mtg summary and minutes" ${gray} ${gray} ${gray} ` +
      '((NIL NIL "imap" "cac.washington.edu")) ' +
      '((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL ' +
      '"<B27397-0100000@cac.washington.edu>")',
  )
})

test('a missing field is NIL, an empty one is empty, but a list of nobody is NIL', () => {
  assert.equal(print(''), NO_ENVELOPE)
  assert.equal(
    print('Date:\r\nSubject: \r\nFrom:\r\nTo: ,\r\nBcc: \r\nIn-Reply-To:\r\nMessage-ID:'),
    '("" "" NIL NIL NIL NIL NIL NIL "" "")',
  )
})

test('sender and reply-to are those of From where they are missing or empty', () => {
  assert.equal(
    print('From: a@b\r\nSender:\r\nReply-To: c@d'),
    '(NIL NIL ((NIL NIL "a" "b")) ((NIL NIL "a" "b")) ((NIL NIL "c" "d")) NIL NIL NIL NIL NIL)',
  )
})

test('of a field that stands twice the last holds, and addresses are joined', () => {
  assert.equal(
    print('Subject: one\r\nSubject: two\r\nTo: a@b\r\nTo: c@d'),
    '(NIL "two" NIL NIL NIL ((NIL NIL "a" "b")(NIL NIL "c" "d")) NIL NIL NIL NIL)',
  )
})

test('encoded-words are never decoded', () => {
  const word = '=?utf-8?q?=0D=0A*_1_EXPUNGE?='
  const from = `(("${word}" NIL "a" "b"))`
  assert.equal(
    print(`Subject: ${word}\r\nFrom: ${word} <a@b>`),
    `(NIL "${word}" ${from} ${from} ${from} NIL NIL NIL NIL NIL)`,
  )
})

test('raw 8-bit text is UTF-8 whatever it was, in a literal, or in quotes for who can read them', () => {
  const utf8 = Buffer.from('grün').toString('latin1')
  for (const sent of [utf8, 'gr\xfcn']) {
    assert.equal(print(`Subject: ${sent}`).slice(0, 16), '(NIL {5}\r\ngrün N')
    assert.equal(print(`Subject: ${sent}`, true).slice(0, 13), '(NIL "grün" N')
  }
})

test('folded lines are one, control characters are spaces', () => {
  assert.equal(
    print('Subject: a\r\n\tb\r\n  c\x00d\x1b[1m\x7f').slice(0, 22),
    '(NIL "a b  c d [1m" NI',
  )
})

test('whatever a header holds, the envelope is one', () => {
  const octet = fc.oneof(
    fc.constantFrom(...['"', '\\', '(', ')', '<', '>', '@', ',', ';', ':', ' ', '\t', '{5}', '\0']),
    fc.constantFrom(
      ...['\r', '\n', '\r\n ', '\r\n', '=?utf-8?q?=0D?=', '~{3}', 'a', 'NIL', '*', '\x80'],
    ),
    fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)),
  )
  const names = ['Date', 'Subject', 'From', 'Sender', 'Reply-To', 'To', 'Cc', 'In-Reply-To']
  const field = fc.tuple(fc.constantFrom(...names), fc.array(octet, { maxLength: 30 }))
  fc.assert(
    fc.property(fc.array(field, { maxLength: 8 }), fc.boolean(), (fields, isUtf8) => {
      const text = fields.map(([name, octets]) => `${name}: ${octets.join('')}`).join('\r\n')
      const response = Buffer.from(`* 1 FETCH (ENVELOPE ${print(text, isUtf8)})\r\n`)
      const items = readFetchResponse(response, { isUtf8 })
      const envelope = plain(items.get('ENVELOPE') ?? null) as readonly unknown[]
      assert.equal(envelope.length, 10)
      for (const addresses of envelope.slice(2, 8)) {
        if (addresses === null) continue
        for (const address of addresses as readonly unknown[][]) {
          assert.equal(address.length, 4)
          assert.ok(address.every(part => part === null || typeof part === 'string'))
        }
      }
    }),
    { numRuns: 3_000 },
  )
})
