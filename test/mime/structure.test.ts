import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  findPart,
  holdsMessage,
  type Part,
  readStructure,
  STRUCTURE_LIMITS,
} from '../../server/mime/structure.ts'

const read = (text: string) => readStructure(Buffer.from(text, 'latin1'))
const crlf = (...lines: string[]) => lines.join('\r\n')
const body = (text: string, part: Part | undefined) => text.slice(part?.bodyStart, part?.end)
const all = (part: Part): Part[] => [part, ...part.parts.flatMap(all)]
const tree = (part: Part): string =>
  `${part.number}:${part.type}${part.parts.length > 0 ? `(${part.parts.map(tree).join(' ')})` : ''}`

const MIXED = crlf(
  'Content-Type: multipart/mixed; boundary="b 1"',
  '',
  'preamble',
  '--b 1',
  'Content-Type: text/plain; charset=utf-8',
  'Content-Disposition: inline; filename=a.txt',
  'Content-ID: <1@x>',
  'Content-Description: d',
  'Content-Language: en',
  'Content-Location: l',
  'Content-MD5: m',
  '',
  'one',
  'two',
  '--b 1',
  'Content-Type: message/rfc822',
  '',
  'Subject: inner',
  'Content-Type: multipart/alternative; boundary=i',
  '',
  '--i',
  '',
  'plain',
  '--i',
  'Content-Type: text/html',
  'Content-Transfer-Encoding: BASE64 (c)',
  '',
  'PGI+',
  '--i--',
  '--b 1',
  'Content-Type: message/rfc822',
  '',
  'Subject: single',
  '',
  'hello',
  '--b 1--',
  'epilogue',
)

test('numbers, types and bodies of a nested mail', () => {
  const root = read(MIXED)
  assert.equal(
    tree(root),
    ':multipart/mixed(1:text/plain 2:message/rfc822(2:multipart/alternative(2.1:text/plain 2.2:text/html)) 3:message/rfc822(3.1:text/plain))',
  )
  assert.equal(body(MIXED, findPart(root, '1')), 'one\r\ntwo')
  assert.equal(body(MIXED, findPart(root, '2.1')), 'plain')
  assert.equal(body(MIXED, findPart(root, '2.2')), 'PGI+')
  assert.equal(body(MIXED, findPart(root, '3.1')), 'hello')
  assert.equal(findPart(root, '2')?.type, 'message/rfc822')
  assert.match(body(MIXED, findPart(root, '2')), /^Subject: inner[\s\S]*--i--$/)
  assert.equal(findPart(root, '')?.type, 'multipart/mixed')
  for (const none of ['0', '4', '1.1', '2.3', '2.1.1', '11', 'x', '2.']) {
    assert.equal(findPart(root, none), undefined, none)
  }
  assert.deepEqual(
    all(root)
      .filter(holdsMessage)
      .map(part => part.number),
    ['2', '3'],
  )
})

test('what the header of a part says', () => {
  const part = findPart(read(MIXED), '1')
  assert.equal(part?.parameters.get('charset'), 'utf-8')
  assert.equal(part?.encoding, '7bit')
  assert.equal(part?.disposition, 'inline')
  assert.equal(part?.dispositionParameters.get('filename'), 'a.txt')
  assert.equal(part?.id, '<1@x>')
  assert.deepEqual(
    [part?.description, part?.language, part?.location, part?.md5],
    ['d', 'en', 'l', 'm'],
  )
  assert.equal(part?.lines, 1)
  assert.equal(findPart(read(MIXED), '2.2')?.encoding, 'base64')
})

test('a message that is no multipart is its own part 1', () => {
  const text = 'Subject: x\r\n\r\na\r\nb\r\n'
  const root = read(text)
  assert.equal(tree(root), '1:text/plain')
  assert.equal(body(text, root), 'a\r\nb\r\n')
  assert.equal(root.lines, 2)
  assert.equal(tree(read('')), '1:text/plain')
  assert.equal(
    tree(read('Content-Type: message/rfc822\n\nA: b\n\nc')),
    '1:message/rfc822(1.1:text/plain)',
  )
})

test('bare LF, and bare CR throughout', () => {
  const lines = MIXED.replaceAll('\r\n', '\n')
  assert.equal(tree(read(lines)), tree(read(MIXED)))
  assert.equal(body(lines, findPart(read(lines), '1')), 'one\ntwo')
  const returns = MIXED.replaceAll('\r\n', '\r')
  assert.equal(tree(read(returns)), tree(read(MIXED)))
  assert.equal(body(returns, findPart(read(returns), '1')), 'one\rtwo')
})

test('delimiters: white space after them, none at the end, one that only begins like them', () => {
  const text = crlf(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b \t',
    '',
    'x',
    '--bb',
    '--b-',
    '--b\t',
    '',
    'y',
  )
  const root = read(text)
  assert.deepEqual(
    root.parts.map(part => body(text, part)),
    ['x\r\n--bb\r\n--b-', 'y'],
  )
})

test('an outer delimiter ends the inner multipart; an inner one with the same boundary is the inner', () => {
  const text = crlf(
    'Content-Type: multipart/mixed; boundary=o',
    '',
    '--o',
    'Content-Type: multipart/mixed; boundary=i',
    '',
    '--i',
    '',
    'x',
    '--o',
    'Content-Type: multipart/mixed; boundary=o',
    '',
    '--o',
    '',
    'y',
    '--o--',
    '--o',
    '',
    'z',
    '--o--',
  )
  const root = read(text)
  assert.deepEqual(
    ['1.1', '2.1', '3'].map(number => body(text, findPart(root, number))),
    ['x', 'y', 'z'],
  )
})

test('empty parts, and parts without an empty line', () => {
  const text = crlf(
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    '--b',
    '',
    '--b',
    'Content-Type: text/html',
    '--b--',
  )
  const root = read(text)
  assert.equal(tree(root), ':multipart/mixed(1:text/plain 2:text/plain 3:text/html)')
  assert.deepEqual(
    root.parts.map(part => body(text, part)),
    ['', '', ''],
  )
})

test('an empty part ends no later than the multipart that it is the last of', () => {
  const text = crlf(
    'Content-Type: multipart/mixed; boundary=o',
    '',
    '--o',
    'Content-Type: multipart/mixed; boundary=i',
    '',
    '--i',
    '',
    '--o--',
  )
  const root = read(text)
  assert.equal(tree(root), ':multipart/mixed(1:multipart/mixed(1.1:text/plain))')
  assertOrdered(root, 0, text.length)
})

test('a broken Content-Type is text/plain (RFC 2045 §5.2); in a digest none is message/rfc822', () => {
  for (const type of ['text', 'garbage here', 'text/', '/plain', '', 'te xt/plain']) {
    assert.equal(read(`Content-Type: ${type}\r\n\r\n`).type, 'text/plain', type)
  }
  assert.equal(read('Content-Type: Text/HTML (comment); charset=x\r\n\r\n').type, 'text/html')
  const digest = read('Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: s\n\nx\n--b--')
  assert.equal(tree(digest), ':multipart/digest(1:message/rfc822(1.1:text/plain))')
})

test('a multipart without boundary and a nested message in base64 are opaque', () => {
  assert.equal(tree(read('Content-Type: multipart/mixed\n\n--\nx\n----\n')), '1:multipart/mixed')
  assert.equal(
    tree(
      read(
        'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeAoKeQ==',
      ),
    ),
    '1:message/rfc822',
  )
})

test('the line end that the last part took from its multipart is a line of the multipart too', () => {
  const text =
    'Content-Type: multipart/mixed; boundary=b\n\n--b\n' +
    'Content-Type: multipart/mixed; boundary=c\n\n--c\n--b'
  const [inner] = read(text).parts
  assert.equal(text.slice(inner?.bodyStart, inner?.end), '--c\n')
  assert.equal(inner?.lines, 1)
})

test('no deeper than the limit', () => {
  const nested = Array.from(
    { length: 500 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  ).join('')
  const numbers = all(read(`${nested}\r\nx`)).map(part => part.number.split('.').length)
  assert.equal(Math.max(...numbers), STRUCTURE_LIMITS.depth)
})

test('no more parts than the limit: the rest is one opaque part', () => {
  const text = `Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nx\r\n'.repeat(5_000)}--b--\r\nend`
  const root = read(text)
  assert.equal(all(root).length, STRUCTURE_LIMITS.parts + 1)
  const last = root.parts.at(-1)
  assert.equal(last?.type, 'application/octet-stream')
  assert.equal(text.slice(last?.end), '\r\n--b--\r\nend')
})

test('work does not grow with nesting or with lines that look like delimiters', () => {
  const nested = Array.from(
    { length: STRUCTURE_LIMITS.depth },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  ).join('')
  const parts = all(read(`${nested}\r\n${'--b\n'.repeat(500_000)}${'\n'.repeat(500_000)}`))
  assert.equal(parts.at(-1)?.lines, 1_000_000)
})

test('of any octets: ranges lie in the message, in order, children in their parents', () => {
  const piece = fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=a\r\n',
    'Content-Type: multipart/digest; boundary=b\n',
    'Content-Type: message/rfc822\r\n',
    'Subject: x\r\n',
    '\r\n',
    '\n',
    '--a\r\n',
    '--a--\r\n',
    '--b\n',
    '--b--',
    'text',
    '\r',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
      const raw = Buffer.from(pieces.join(''))
      assertOrdered(readStructure(raw), 0, raw.length)
    }),
    { numRuns: 5_000 },
  )
})

function assertOrdered(part: Part, from: number, to: number): void {
  assert.ok(from <= part.start && part.start <= part.bodyStart)
  assert.ok(part.bodyStart <= part.end && part.end <= to)
  assert.ok(part.lines >= 0)
  let at = part.bodyStart
  for (const child of part.parts) {
    assertOrdered(child, at, part.end)
    at = child.end
  }
}
