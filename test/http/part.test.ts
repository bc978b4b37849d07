import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Problem } from '../../server/http/resources.ts'
import { put, startHttp } from '../helpers/http-server.ts'

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

const part = (type: string, body: string | Buffer, ...fields: string[]): string =>
  [
    '--b',
    `Content-Type: ${type}`,
    ...(Buffer.isBuffer(body) ? ['Content-Transfer-Encoding: base64'] : []),
    ...fields,
    '',
    Buffer.isBuffer(body) ? (body.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n') : body,
    '',
  ].join('\r\n')

const message = [
  'From: app@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n',
  part(
    'text/plain; charset=utf-8',
    'Gr=C3=BC=C3=9Fe',
    'Content-Transfer-Encoding: quoted-printable',
  ),
  part('image/png', png, 'Content-Disposition: inline; filename="logo.png"'),
  part('image/png', Buffer.from(svg), 'Content-Disposition: inline; filename="liar.png"'),
  part('image/svg+xml', Buffer.from(svg), 'Content-Disposition: inline; filename="picture.svg"'),
  part('text/html', svg, 'Content-Disposition: inline; filename="page.html"'),
  part(
    'application/pdf',
    Buffer.alloc(300_000, 'x'),
    "Content-Disposition: attachment; filename*=utf-8''..%2F..%2Fetc%2Fpa%C3%9F%E2%80%AEfdp.exe",
  ),
  part(
    'message/rfc822',
    'Subject: Inner\r\nContent-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\nContent-Type: text/html\r\n\r\n<b>inner</b>\r\n--c--',
  ),
  '--b--\r\n',
].join('')

test('A part comes decoded, always as a download of no type', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, message)
  const get = (number: string, query = '') => ask(`/v1/messages/${id}/parts/${number}${query}`)
  const text = await get('1')
  assert.equal(text.text, 'Grüße')
  for (const [number, name] of [
    ['1', `mail-${id}-part-1`],
    ['2', 'logo.png'],
    ['3', 'liar.png'],
    ['4', 'picture.svg'],
    ['5', 'page.html'],
    ['7', `mail-${id}-part-7`],
    ['7.1', `mail-${id}-part-7.1`],
  ] as const) {
    const { headers, status } = await get(number)
    assert.equal(status, 200, number)
    assert.equal(headers['content-type'], 'application/octet-stream')
    assert.equal(
      headers['content-disposition'],
      `attachment; filename="${name}"; filename*=UTF-8''${name}`,
    )
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; frame-ancestors 'none'; sandbox",
    )
    assert.equal(headers['x-content-type-options'], 'nosniff')
  }
  assert.deepEqual((await get('2')).bytes, png)
  assert.equal((await get('4')).text, svg)
  assert.equal((await get('7.1')).text, '<b>inner</b>')
  const large = await get('6')
  assert.deepEqual(large.bytes, Buffer.alloc(300_000, 'x'))
  assert.equal(
    large.headers['content-disposition'],
    'attachment; filename="_.._etc_pa_fdp.exe"; filename*=UTF-8\'\'_.._etc_pa%C3%9Ffdp.exe',
  )
})

test('Only a picture that is what it says may be looked at in place', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, message)
  const get = (number: string) => ask(`/v1/messages/${id}/parts/${number}?inline=1`)
  const picture = await get('2')
  assert.equal(picture.headers['content-type'], 'image/png')
  assert.match(String(picture.headers['content-disposition']), /^inline; /)
  assert.deepEqual(picture.bytes, png)
  for (const number of ['1', '3', '4', '5', '6', '7']) {
    const { headers, status } = await get(number)
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'application/octet-stream', number)
    assert.match(String(headers['content-disposition']), /^attachment; /, number)
  }
  assert.equal((await get('3')).text, svg)
  const head = await ask(`/v1/messages/${id}/parts/2?inline=1`, { method: 'HEAD' })
  assert.equal(head.headers['content-type'], 'image/png')
  assert.equal(head.bytes.length, 0)
})

test('A part that is not there, or a number that is none, is refused', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, message)
  for (const number of ['8', '1.1', '7.2', '9999']) {
    assert.equal((await ask(`/v1/messages/${id}/parts/${number}`)).status, 404, number)
  }
  for (const number of [
    '0',
    '1.',
    '.1',
    '01',
    'x',
    '1.HEADER',
    '__proto__',
    '1'.repeat(300),
    '%2e%2e%2f1',
  ]) {
    const reply = await ask(`/v1/messages/${id}/parts/${number}`)
    assert.equal(reply.status, 400, number)
    assert.equal((reply.json as Problem).parameter, 'part')
  }
})
