import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHeader } from '../../server/mime/header.ts'
import { summarise } from '../../server/mime/summary.ts'

const sum = (text: string) => summarise(readHeader(Buffer.from(text)))
const FINE = 'From: a@x.test\r\nDate: Tue, 10 Mar 2026 10:00:00 +0100\r\n'

test('everything that a list shows', () => {
  assert.deepEqual(
    sum(
      `${FINE}To: "B" <b@x.test>, c@x.test\r\nCc: d@x.test\r\nBcc: e@x.test\r\nReply-To: f@x.test\r\nSubject: =?utf-8?q?=C3=A4?=\r\n b\r\nMessage-ID: <1@x.test>\r\nX-Tags: one, two,, one\r\nX-Tags: three\r\n\r\nbody`,
    ),
    {
      from: [{ name: '', address: 'a@x.test' }],
      to: [
        { name: 'B', address: 'b@x.test' },
        { name: '', address: 'c@x.test' },
      ],
      cc: [{ name: '', address: 'd@x.test' }],
      bcc: [{ name: '', address: 'e@x.test' }],
      replyTo: [{ name: '', address: 'f@x.test' }],
      subject: 'ä b',
      messageId: '<1@x.test>',
      date: '2026-03-10T09:00:00.000Z',
      tags: ['one', 'two', 'three'],
      warnings: [],
    },
  )
})

test('an empty mail has an empty summary and two warnings', () => {
  assert.deepEqual(sum(''), {
    from: [],
    to: [],
    cc: [],
    bcc: [],
    replyTo: [],
    subject: '',
    messageId: '',
    date: null,
    tags: [],
    warnings: ['There is no From field.', 'There is no Date field.'],
  })
})

test('the first of repeated fields holds', () => {
  const summary = sum(`${FINE}Subject: one\r\nSubject: two\r\nFrom: evil@x.test\r\n\r\n`)
  assert.equal(summary.subject, 'one')
  assert.deepEqual(summary.from, [{ name: '', address: 'a@x.test' }])
  assert.deepEqual(summary.warnings, [
    'From stands 2 times; the first one holds.',
    'Subject stands 2 times; the first one holds.',
  ])
})

test('a date that cannot be read is no date, and is told', () => {
  const summary = sum('From: a@x.test\r\nDate: yesterday\r\n\r\n')
  assert.equal(summary.date, null)
  assert.deepEqual(summary.warnings, ['The Date field cannot be read: yesterday'])
})

test('limits leave warnings', () => {
  const long = sum(`${FINE}Subject: ${'😀'.repeat(6_000)}\r\n\r\n`)
  assert.equal(long.subject, '😀'.repeat(5_000))
  assert.match(long.warnings.join(), /Subject has 12000 characters/)
  assert.match(sum(`${FINE}${'A: 1\r\n'.repeat(10_001)}\r\n`).warnings.join(), /is not read/)
  assert.equal(
    sum(`${FINE}X-Tags: ${'a,'.repeat(5)}${'t'.repeat(200)}\r\n\r\n`).tags[1]?.length,
    100,
  )
})

test('a name or address of a megabyte does not go into every list', () => {
  const { from } = sum(`From: "${'n'.repeat(500_000)}" <${'a'.repeat(500_000)}@x.test>\r\n\r\n`)
  assert.deepEqual(from, [{ name: 'n'.repeat(1_000), address: 'a'.repeat(1_000) }])
})
