import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readContent, readHtmlDocument } from '../../server/mime/content.ts'

const crlf = (...lines: string[]) => Buffer.from(lines.join('\r\n'))

const MAIL = crlf(
  'From: Ann <ann@x.test>',
  'Date: Tue, 10 Mar 2026 10:00:00 +0100',
  'Subject: Order',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  '',
  'Hello,',
  'your order.',
  '--a',
  'Content-Type: multipart/related; boundary=r',
  '',
  '--r',
  'Content-Type: text/html',
  '',
  '<p>Hello <img src="cid:i%40x"><img src="https://x.test/track">',
  '--r',
  'Content-Type: image/png',
  'Content-ID: <i@x>',
  'Content-Transfer-Encoding: base64',
  '',
  'UE5H',
  '--r--',
  '--a--',
  '--m',
  'Content-Type: application/pdf; name="Größe.pdf"',
  'Content-Disposition: attachment',
  'Content-Transfer-Encoding: base64',
  '',
  'MQ==',
  '--m--',
)

test('everything that is known of a mail', async () => {
  assert.deepEqual(await readContent(MAIL), {
    text: 'Hello,\nyour order.',
    html: '<p>Hello <img src="cid:i%40x"><img src="https://x.test/track">',
    plainText: 'Hello,\nyour order.',
    attachments: [
      {
        part: '1.2.2',
        name: '',
        contentType: 'image/png',
        size: 3,
        sha256: '796120837694d3f3f29259cfeb25091698c2a0aa87873658d840b4993ee889b3',
        cid: 'i@x',
        inline: true,
      },
      {
        part: '2',
        name: 'Größe.pdf',
        contentType: 'application/pdf',
        size: 1,
        sha256: '6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
        cid: null,
        inline: false,
      },
    ],
    preview: 'Hello, your order.',
    searchText: 'order größe.pdf ann ann@x.test hello, your order.',
    searchTextCut: false,
    searchTextWhole: false,
    remoteReferences: 1,
    warnings: [],
  })
})

test('the document for the mail frame has the image in it', async () => {
  assert.equal(
    await readHtmlDocument(MAIL),
    '<base target="_blank"><p>Hello <img src="data:image/png;base64,UE5H"><img src="https://x.test/track">',
  )
  assert.equal(await readHtmlDocument(Buffer.from('\nplain')), null)
})

test('text is made from HTML where there is none, or nothing in it', async () => {
  const html = await readContent(Buffer.from('Content-Type: text/html\n\n<p>Hi <b>you</b>'))
  assert.deepEqual([html.text, html.plainText, html.preview], [null, 'Hi you', 'Hi you'])
  const blank = await readContent(
    Buffer.from(
      'Content-Type: multipart/alternative; boundary=b\n\n--b\n\n \n--b\nContent-Type: text/html\n\n<p>Hi\n--b--',
    ),
  )
  assert.deepEqual([blank.text, blank.plainText], [' ', 'Hi'])
})

test('an empty mail', async () => {
  const content = await readContent(Buffer.alloc(0))
  assert.deepEqual([content.text, content.html, content.plainText], [null, null, ''])
  assert.deepEqual(content.warnings, ['There is no From field.', 'There is no Date field.'])
})

test('warnings say where the structure is broken or cut', async () => {
  const warnings = async (text: string) =>
    (await readContent(Buffer.from(text.replaceAll('\n', '\r\n')))).warnings.slice(2)
  assert.deepEqual(await warnings('Content-Type: multipart/mixed; boundary=b\n\nlost'), [
    'The message is multipart/mixed, but no part is found in it.',
  ])
  assert.match(
    (
      await warnings(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n\n'.repeat(1_001)}`)
    ).join(),
    /more than 1000 parts/,
  )
  const nested = Array.from(
    { length: 60 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
  )
  assert.match((await warnings(nested.join(''))).join(), /nested more than 50 deep/)
})

test('the body of a multipart without any part is shown', async () => {
  const content = await readContent(
    Buffer.from('Content-Type: multipart/mixed; boundary=b\n\nlost'),
  )
  assert.equal(content.text, 'lost')
})
