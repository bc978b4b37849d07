import assert from 'node:assert/strict'
import { test } from 'node:test'
import { partAt } from '../../../../server/imap/commands/fetch/section-ranges.ts'
import { HEADER_LIMITS } from '../../../../server/mime/header.ts'
import { readStructure } from '../../../../server/mime/structure.ts'
import { deliver, fetchSection, openStore } from '../../../helpers/fetched.ts'

const lines = (...all: string[]) => all.join('\r\n')

/** The message of RFC 9051 §6.4.5.1. */
const INNERMOST = lines(
  '--alt',
  '',
  '4.2.2.1',
  '--alt',
  'Content-Type: text/richtext',
  '',
  '4.2.2.2',
  '--alt--',
)
const IN_4_2 = lines(
  '--in42',
  '',
  '4.2.1',
  '--in42',
  'Content-Type: multipart/alternative; boundary=alt',
  '',
  INNERMOST,
  '--in42--',
)
const HEADER_4_2 = lines('Subject: in 4.2', 'Content-Type: multipart/mixed; boundary=in42', '', '')
const IN_3 = lines(
  '--in3',
  '',
  '3.1',
  '--in3',
  'Content-Type: application/octet-stream',
  '',
  '3.2',
  '--in3--',
)
const HEADER_3 = lines(
  'Subject: in 3',
  'To: a@b',
  'Content-Type: multipart/mixed; boundary=in3',
  '',
  '',
)
const IN_4 = lines(
  '--in4',
  'Content-Type: image/gif',
  'X: y',
  '',
  '4.1',
  '--in4',
  'Content-Type: message/rfc822',
  '',
  `${HEADER_4_2}${IN_4_2}`,
  '--in4--',
)
const HEADER = lines(
  'Subject: root',
  'To: a@b',
  'Content-Type: multipart/mixed; boundary=root',
  '',
  '',
)
const TEXT = lines(
  ...['preamble', '--root', '', '1', '--root', 'Content-Type: application/octet-stream', '', '2'],
  ...['--root', 'Content-Type: message/rfc822', '', `${HEADER_3}${IN_3}`],
  ...[
    '--root',
    'Content-Type: multipart/mixed; boundary=in4',
    '',
    IN_4,
    '--root--',
    'epilogue',
    '',
  ],
)

const SECTIONS: Readonly<Record<string, string>> = {
  '': `${HEADER}${TEXT}`,
  HEADER,
  TEXT,
  '1': '1',
  '1.MIME': '\r\n',
  '2': '2',
  '2.MIME': 'Content-Type: application/octet-stream\r\n\r\n',
  '3': `${HEADER_3}${IN_3}`,
  '3.MIME': 'Content-Type: message/rfc822\r\n\r\n',
  '3.HEADER': HEADER_3,
  '3.TEXT': IN_3,
  '3.1': '3.1',
  '3.2': '3.2',
  '3.HEADER.FIELDS (TO x)': 'To: a@b\r\n\r\n',
  '3.HEADER.FIELDS.NOT (to)': HEADER_3.replace('To: a@b\r\n', ''),
  '4': IN_4,
  '4.1': '4.1',
  '4.1.MIME': 'Content-Type: image/gif\r\nX: y\r\n\r\n',
  '4.2': `${HEADER_4_2}${IN_4_2}`,
  '4.2.HEADER': HEADER_4_2,
  '4.2.TEXT': IN_4_2,
  '4.2.1': '4.2.1',
  '4.2.2': INNERMOST,
  '4.2.2.1': '4.2.2.1',
  '4.2.2.2': '4.2.2.2',
  '4.2.2.2.MIME': 'Content-Type: text/richtext\r\n\r\n',
  'HEADER.FIELDS (subject "TO")': 'Subject: root\r\nTo: a@b\r\n\r\n',
  'HEADER.FIELDS (none)': '\r\n',
  'HEADER.FIELDS.NOT (subject to none)': 'Content-Type: multipart/mixed; boundary=root\r\n\r\n',
  'HEADER.FIELDS.NOT (none)': HEADER,
}

test('the message of RFC 9051 §6.4.5.1, with every specifier', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, `${HEADER}${TEXT}`)
  for (const [section, expected] of Object.entries(SECTIONS)) {
    const octets = await fetchSection(store, entry, `BODY[${section}]`)
    assert.equal(octets.toString(), expected, section)
  }
  // RFC 3501 §6.4.5
  for (const [item, section] of [
    ['RFC822', ''],
    ['RFC822.HEADER', 'HEADER'],
    ['RFC822.TEXT', 'TEXT'],
  ]) {
    const octets = await fetchSection(store, entry, item as string)
    assert.equal(octets.toString(), SECTIONS[section as string], item)
  }
})

test('a section that does not exist is empty', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, `${HEADER}${TEXT}`)
  for (const section of [
    '5',
    '1.1',
    '4.3',
    '3.3',
    '3.1.1',
    '4.2.2.3.9',
    '1.HEADER',
    '2.TEXT',
    '4.HEADER',
    '4.2.2.TEXT',
    '9.MIME',
    '1.HEADER.FIELDS (to)',
    '4294967295',
  ]) {
    assert.equal((await fetchSection(store, entry, `BODY[${section}]`)).length, 0, section)
  }
})

test('a message that is no multipart is its own part 1', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, 'Subject: x\r\n\r\nbody\r\n')
  for (const [section, expected] of [
    ['1', 'body\r\n'],
    ['1.MIME', 'Subject: x\r\n\r\n'],
    ['TEXT', 'body\r\n'],
    ['1.1', ''],
    ['1.TEXT', ''],
    ['2', ''],
  ]) {
    assert.equal((await fetchSection(store, entry, `BODY[${section}]`)).toString(), expected)
  }
})

test('a message that is a message/rfc822 is part 1, and what is in it 1.1', async t => {
  const store = await openStore(t)
  const inner = 'Subject: in\r\n\r\nbody'
  const entry = await deliver(store, `Content-Type: message/rfc822\r\n\r\n${inner}`)
  for (const [section, expected] of [
    ['1', inner],
    ['1.MIME', 'Content-Type: message/rfc822\r\n\r\n'],
    ['1.HEADER', 'Subject: in\r\n\r\n'],
    ['1.TEXT', 'body'],
    ['1.1', 'body'],
    ['1.1.MIME', 'Subject: in\r\n\r\n'],
    ['1.1.1', ''],
    ['1.2', ''],
  ]) {
    const octets = await fetchSection(store, entry, `BODY[${section}]`)
    assert.equal(octets.toString(), expected, section)
  }
})

test('headers without an empty line, without a field, with lines that are none', async t => {
  const store = await openStore(t)
  const chosen = async (raw: string, fields: string) => {
    const entry = await deliver(store, raw)
    return [
      (await fetchSection(store, entry, `BODY[HEADER.FIELDS (${fields})]`)).toString(),
      (await fetchSection(store, entry, `BODY[HEADER.FIELDS.NOT (${fields})]`)).toString(),
    ]
  }
  assert.deepEqual(await chosen('A: b\r\nC: d', 'a'), ['A: b\r\n', 'C: d'])
  assert.deepEqual(await chosen('A: b\r\nC: d\r\n', 'c'), ['C: d\r\n', 'A: b\r\n'])
  assert.deepEqual(await chosen('\r\nbody', 'a'), ['\r\n', '\r\n'])
  assert.deepEqual(await chosen('', 'a'), ['', ''])
  assert.deepEqual(await chosen('no field\r\nA : b\r\n c\r\n\td\r\n: x\r\n\r\n', 'a'), [
    'A : b\r\n c\r\n\td\r\n\r\n',
    'no field\r\n: x\r\n\r\n',
  ])
  assert.deepEqual(await chosen('A: 1\r\nB: 2\r\na: 3\r\n\r\n', 'A'), [
    'A: 1\r\na: 3\r\n\r\n',
    'B: 2\r\n\r\n',
  ])
})

test('of a header over the limits no octet is lost', async t => {
  const store = await openStore(t)
  const field = `X: ${'x'.repeat(995)}\r\n`
  const header = `Subject: first\r\n${field.repeat(HEADER_LIMITS.octets / 1_000 + 100)}Subject: last\r\n`
  const entry = await deliver(store, `${header}\r\nbody`)
  assert.equal(
    (await fetchSection(store, entry, 'BODY[HEADER.FIELDS (Subject)]')).toString(),
    'Subject: first\r\n\r\n',
  )
  assert.equal(
    (await fetchSection(store, entry, 'BODY[HEADER.FIELDS.NOT (Subject)]')).toString(),
    `${header.slice('Subject: first\r\n'.length)}\r\n`,
  )
  assert.equal((await fetchSection(store, entry, 'BODY[HEADER]')).toString(), `${header}\r\n`)
  assert.equal((await fetchSection(store, entry, 'BODY[TEXT]')).toString(), 'body')
})

test('part numbers are those of BODYSTRUCTURE, also where a multipart has no parts', () => {
  const root = (text: string) => readStructure(Buffer.from(text))
  assert.equal(partAt(root('Content-Type: multipart/mixed\r\n\r\n--\r\n'), '1'), undefined)
  assert.equal(partAt(root('A: b\r\n\r\n'), '2'), undefined)
  const digest = root(
    'Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nA: b\r\n\r\nx\r\n--b--',
  )
  assert.equal(partAt(digest, '1')?.type, 'message/rfc822')
  assert.equal(partAt(digest, '1.1')?.type, 'text/plain')
})
