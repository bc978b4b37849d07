import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { printBodyStructure } from '../../../../server/imap/commands/fetch/body-structure.ts'
import { readStructure } from '../../../../server/mime/structure.ts'
import { plain, readFetchResponse } from '../../../helpers/fetched.ts'

const ENVELOPE = '(NIL "in" NIL NIL NIL NIL NIL NIL NIL NIL)'
const print = (text: string, { isExtended = true, isUtf8 = false } = {}) =>
  printBodyStructure(readStructure(Buffer.from(text, 'latin1')), {
    isExtended,
    isUtf8,
    envelopeOf: () => ENVELOPE,
  })
const lines = (...all: string[]) => all.join('\r\n')
/** Of a message with these fields and two lines. */
const printFields = (...fields: string[]) => print(lines(...fields, '', 'x', 'y', ''))

const NO_EXTENSION = 'NIL NIL NIL NIL'
const PLAIN = '"text" "plain" ("charset" "us-ascii") NIL NIL "7bit"'

test('all that the header of a part may say', () => {
  const text = lines(
    'Content-Type: TEXT/Plain; Charset=UTF-8; format=flowed',
    'Content-Transfer-Encoding: Quoted-Printable (c)',
    'Content-ID: <a@b>',
    'Content-Description: a "d" =?utf-8?q?=C3=B6?=',
    'Content-MD5: abc==',
    'Content-Language: en, de (c) ,fr-CH',
    'Content-Location: http://x/',
    ' y',
    'Content-Disposition: ATTACHMENT; Filename="a \\"b\\".txt"; size=12',
    '',
    'x',
    'y',
  )
  const basic =
    '"text" "plain" ("charset" "UTF-8" "format" "flowed") "<a@b>" "a \\"d\\" =?utf-8?q?=C3=B6?=" "quoted-printable" 4 1'
  assert.equal(
    print(text),
    `(${basic} "abc==" ("attachment" ("filename" "a \\"b\\".txt" "size" "12")) ("en" "de" "fr-CH") "http://x/ y")`,
  )
  assert.equal(print(text, { isExtended: false }), `(${basic})`)
})

test('what is missing or broken', () => {
  const nothing = `(${PLAIN} 6 2 ${NO_EXTENSION})`
  assert.equal(printFields('Subject: x'), nothing)
  // RFC 2045 §5.2
  for (const type of ['', 'text', '/plain', 'a/b/c', 'text/plain x; charset=y']) {
    assert.equal(printFields(`Content-Type: ${type}`), nothing, type)
  }
  assert.equal(
    printFields('Content-Disposition: ; filename=x', 'Content-Language: en de', 'Content-ID:'),
    nothing,
  )
  assert.equal(printFields('Content-Disposition: a b', 'Content-Language: (c)'), nothing)
  assert.equal(
    printFields('Content-Type: image/png', 'Content-Disposition: inline'),
    `("image" "png" NIL NIL NIL "7bit" 6 NIL ("inline" NIL) NIL NIL)`,
  )
  assert.equal(
    printFields('Content-Type: text/html; charset="" ; format=flowed'),
    `("text" "html" ("charset" "" "format" "flowed") NIL NIL "7bit" 6 2 ${NO_EXTENSION})`,
  )
})

test('parameters of RFC 2231 are joined, and nothing is decoded', () => {
  assert.equal(
    printFields(
      'Content-Type: image/png; name*1*=%B6; name*0*=utf-8\'\'%C3; a="=?utf-8?q?=C3=B6?="',
      'Content-Disposition: attachment; filename*0=a; filename*1=b',
    ),
    `("image" "png" ("name*" "utf-8''%C3%B6" "a" "=?utf-8?q?=C3=B6?=") NIL NIL "7bit" 6 NIL ` +
      '("attachment" ("filename" "ab")) NIL NIL)',
  )
})

test('8-bit text is in a literal, or in quotes for who can read them', () => {
  const text = `Content-Type: image/png; name=${Buffer.from('ö').toString('latin1')}\r\n\r\n`
  assert.match(print(text), /\("name" \{2\}\r\nö\)/)
  assert.match(print(text, { isUtf8: true }), /\("name" "ö"\)/)
})

const MULTIPART = lines(
  'Content-Type: multipart/mixed; boundary=b',
  'Content-Language: en',
  'Content-Disposition: inline; a=b',
  'Content-Location: l',
  '',
  'preamble',
  '--b',
  '',
  'one',
  '--b',
  'Content-Type: text/html',
  '',
  '<b>',
  '',
  '--b--',
  'epilogue',
)

test('a multipart', () => {
  assert.equal(
    print(MULTIPART, { isExtended: false }),
    `((${PLAIN} 3 0)("text" "html" ("charset" "us-ascii") NIL NIL "7bit" 5 1) "mixed")`,
  )
  assert.equal(
    print(MULTIPART),
    `((${PLAIN} 3 0 ${NO_EXTENSION})("text" "html" ("charset" "us-ascii") NIL NIL "7bit" 5 1 ${NO_EXTENSION}) ` +
      '"mixed" ("boundary" "b") ("inline" ("a" "b")) ("en") "l")',
  )
})

test('a multipart without parts has an empty one, which the grammar wants', () => {
  for (const head of ['multipart/mixed; boundary=b', 'multipart/mixed']) {
    const printed = print(`Content-Type: ${head}\r\n\r\nnothing here\r\n`, { isExtended: false })
    assert.equal(printed, `((${PLAIN} 0 0) "mixed")`)
  }
  assert.equal(
    print('Content-Type: multipart/mixed\r\n\r\n'),
    `((${PLAIN} 0 0 ${NO_EXTENSION}) "mixed" NIL NIL NIL NIL)`,
  )
})

test('a message in a message, and in a digest by default (RFC 2046 §5.1.5)', () => {
  const inner = lines('Subject: in', '', 'a', 'b')
  assert.equal(
    print(`Content-Type: message/rfc822\r\n\r\n${inner}`),
    `("message" "rfc822" NIL NIL NIL "7bit" 19 ${ENVELOPE} (${PLAIN} 4 1 ${NO_EXTENSION}) 3 ${NO_EXTENSION})`,
  )
  assert.equal(
    print(`Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\n${inner}\r\n--b--`, {
      isExtended: false,
    }),
    `(("message" "rfc822" NIL NIL NIL "7bit" 19 ${ENVELOPE} (${PLAIN} 4 1) 3) "digest")`,
  )
})

test('a message that is not read into has an empty envelope and body', () => {
  const nobody = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)'
  for (const [fields, encoding] of [
    ['', '7bit'],
    ['Content-Transfer-Encoding: base64\r\n', 'base64'],
  ]) {
    assert.equal(
      print(`Content-Type: message/rfc822\r\n${fields}\r\n`, { isExtended: false }),
      `("message" "rfc822" NIL NIL NIL "${encoding}" 0 ${nobody} (${PLAIN} 0 0) 0)`,
    )
  }
})

test('message/global is a message to IMAP4rev2, other message types are to nobody', () => {
  const text = 'Content-Type: message/global\r\n\r\nSubject: in\r\n\r\na'
  const basic = '"message" "global" NIL NIL NIL "7bit" 16'
  assert.equal(print(text, { isExtended: false }), `(${basic})`)
  assert.equal(
    print(text, { isExtended: false, isUtf8: true }),
    `(${basic} ${ENVELOPE} (${PLAIN} 1 0) 2)`,
  )
  assert.equal(
    print('Content-Type: message/delivery-status\r\n\r\na: b', { isExtended: false, isUtf8: true }),
    '("message" "delivery-status" NIL NIL NIL "7bit" 4)',
  )
})

test('whatever the headers hold, the structure is one', () => {
  const octet = fc.oneof(
    fc.constantFrom(
      ...['"', '\\', '(', ')', ';', '=', '*', '*0=', "''", '%', ' ', '{5}', '\0', ','],
    ),
    fc.constantFrom(
      ...['\r', '\n', '\r\n ', '\r\n', '~{3}', 'a', 'NIL', '/', '\x80', 'text/plain'],
    ),
    fc.constantFrom(...['\r\n\r\n', '\r\n--b\r\n', '\r\n--b--', 'message/rfc822', 'base64']),
    fc.integer({ min: 0, max: 255 }).map(code => String.fromCharCode(code)),
  )
  const names = ['Type: multipart/mixed; boundary=b', 'Type: ', 'Type: message/rfc822', 'MD5: ']
  names.push('Disposition: a', 'ID: ', 'Description: ', 'Language: ', 'Location: ')
  names.push('Transfer-Encoding: ', 'Type: text/plain', 'Type: multipart/digest; boundary="b"')
  const field = fc.tuple(fc.constantFrom(...names), fc.array(octet, { maxLength: 20 }))
  fc.assert(
    fc.property(
      fc.array(field, { maxLength: 8 }),
      fc.boolean(),
      fc.boolean(),
      (fields, isUtf8, isExtended) => {
        const text = fields.map(([name, octets]) => `Content-${name}${octets.join('')}`)
        const printed = print(text.join('\r\n'), { isUtf8, isExtended })
        const response = Buffer.from(`* 1 FETCH (BODY ${printed})\r\n`)
        const body = readFetchResponse(response, { isUtf8 }).get('BODY')
        assertBody(plain(body ?? null) as readonly unknown[], isExtended)
      },
    ),
    { numRuns: 3_000 },
  )
})

/** RFC 9051 §9, body: each part has as many items as its type wants. */
function assertBody(body: readonly unknown[], isExtended: boolean): void {
  const children = body.filter(
    (item, at) => Array.isArray(item) && body.slice(0, at + 1).every(Array.isArray),
  )
  if (children.length > 0) {
    for (const child of children) assertBody(child as readonly unknown[], isExtended)
    assert.equal(body.length - children.length, isExtended ? 5 : 1)
    return
  }
  const [type, subtype] = body as string[]
  const isMessage = type === 'message' && subtype === 'rfc822'
  // A message/global is one in IMAP4rev2 only.
  const isGlobal = subtype === 'global' && Array.isArray(body[7])
  const own = isMessage || isGlobal ? 10 : type === 'text' ? 8 : 7
  assert.equal(body.length, own + (isExtended ? 4 : 0))
  if (own === 10) assertBody(body[8] as readonly unknown[], isExtended)
  assert.match(String(body[6]), /^\d+$/)
}
