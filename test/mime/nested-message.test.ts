import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHtmlDocument } from '../../server/mime/content.ts'
import { MAX_NESTED_TEXT, readNestedMessage } from '../../server/mime/nested-message.ts'

const inner = [
  'From: Ann <ann@x.org>',
  'To: bob@x.org',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Date: Fri, 02 Jan 2026 03:04:05 +0000',
  'Content-Type: multipart/alternative; boundary=c',
  '',
  '--c',
  '',
  'Hello',
  '--c',
  'Content-Type: text/html',
  '',
  '<p>Hello</p>',
  '--c--',
].join('\r\n')

const holding = (body: string, ...fields: string[]): Buffer =>
  Buffer.from(
    [
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      '',
      'See below',
      '--b',
      'Content-Type: message/rfc822',
      ...fields,
      '',
      body,
      '--b--',
    ].join('\r\n'),
  )

const expected = {
  from: [{ name: 'Ann', address: 'ann@x.org' }],
  to: [{ name: '', address: 'bob@x.org' }],
  cc: [],
  subject: 'Grüße',
  date: '2026-01-02T03:04:05.000Z',
  text: 'Hello',
  html: true,
}

test('A nested message is read like any other', async () => {
  const mail = holding(inner)
  assert.deepEqual(await readNestedMessage(mail, '2'), expected)
  assert.equal(await readHtmlDocument(mail, { part: '2' }), '<base target="_blank"><p>Hello</p>')
})

test('So is one in base64, which RFC 2046 §5.2.1 forbids, and which is sent all the same', async () => {
  const mail = holding(Buffer.from(inner).toString('base64'), 'Content-Transfer-Encoding: base64')
  assert.deepEqual(await readNestedMessage(mail, '2'), expected)
  assert.match((await readHtmlDocument(mail, { part: '2' })) ?? '', /<p>Hello/)
})

test('A part that is no message has none in it, and neither has one that is not there', async () => {
  const mail = holding(inner)
  for (const part of ['1', '2.1', '3', '']) {
    assert.equal(await readNestedMessage(mail, part), null, part)
    assert.equal(await readHtmlDocument(mail, { part }), null, part)
  }
})

test('A message without a body has neither text nor HTML, and a long text is cut', async () => {
  const empty = await readNestedMessage(holding('Subject: x\r\n'), '2')
  assert.deepEqual([empty?.subject, empty?.text, empty?.html], ['x', null, false])
  const long = await readNestedMessage(holding(`\r\n${'x'.repeat(MAX_NESTED_TEXT + 10)}`), '2')
  assert.equal(long?.text?.length, MAX_NESTED_TEXT)
})

test('a long text ends with a whole character', async () => {
  const text = `${'x'.repeat(MAX_NESTED_TEXT - 1)}😀`
  const mail = Buffer.from(`Content-Type: text/plain; charset=utf-8\r\n\r\n${text}`)
  const raw = Buffer.concat([Buffer.from('Content-Type: message/rfc822\r\n\r\n'), mail])
  const nested = await readNestedMessage(raw, '1')
  assert.equal(nested?.text?.length, MAX_NESTED_TEXT - 1)
})
