import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mail, put, startHttp } from '../helpers/http-server.ts'

const hostile = '<script>alert(1)</script><p>Hi <img src="http://evil.example/x.png"></p>'
const htmlMail = mail('H', hostile, 'MIME-Version: 1.0', 'Content-Type: text/html; charset=utf-8')

test('The text comes decoded, and is made from the HTML where there is none', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(
    store,
    mail(
      'T',
      'Gr=C3=BC=C3=9Fe',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
    ),
  )
  const reply = await ask(`/v1/messages/${id}/text`)
  assert.equal(reply.text.trim(), 'Grüße')
  assert.equal(reply.headers['content-type'], 'text/plain; charset=utf-8')
  assert.match(String(reply.headers['content-security-policy']), /sandbox$/)
  const made = await ask(`/v1/messages/${await put(store, htmlMail)}/text`)
  assert.match(made.text, /Hi/)
  assert.doesNotMatch(made.text, /<p>/)
})

for (const route of ['/v1/messages/1/html', '/m/1/html']) {
  test(`${route} is isolated: nothing runs, nothing is loaded, it has no origin`, async t => {
    const { ask, store } = await startHttp(t)
    await put(store, htmlMail)
    const { headers, text, status } = await ask(route)
    assert.equal(status, 200)
    assert.match(text, /Hi <img/)
    assert.equal(headers['content-type'], 'text/html; charset=utf-8')
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    )
    assert.equal(headers['x-frame-options'], 'SAMEORIGIN')
    assert.equal(headers['referrer-policy'], 'no-referrer')
    assert.equal(headers['cache-control'], 'no-store')
    assert.equal(headers['cross-origin-opener-policy'], undefined)
    const remote = String((await ask(`${route}?remote=1`)).headers['content-security-policy'])
    assert.equal(
      remote,
      "default-src 'none'; style-src 'unsafe-inline' http: https:; img-src data: http: https:; font-src data: http: https:; media-src http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
    )
    assert.equal(
      (await ask(`${route}?remote=0`)).headers['content-security-policy'],
      headers['content-security-policy'],
    )
    for (const query of ['remote=yes', 'remote=', 'remote=1&remote=1', 'x=1']) {
      assert.equal((await ask(`${route}?${query}`)).status, 400, query)
    }
  })
}

test('A mail frame that has nothing to show has the fields of one that has', async t => {
  const { ask, store } = await startHttp(t)
  await put(store, mail('Plain'))
  for (const id of [1, 2]) {
    const { headers, status } = await ask(`/m/${id}/html`)
    assert.equal(status, 404)
    assert.equal(headers['cross-origin-opener-policy'], undefined)
    assert.match(String(headers['content-security-policy']), /; sandbox$/)
  }
})

test('--allow-remote is the default of what may be loaded, and can be taken back', async t => {
  const { ask, store } = await startHttp(t, { allowRemote: true })
  const id = await put(store, htmlMail)
  const policy = async (query: string) =>
    String((await ask(`/m/${id}/html${query}`)).headers['content-security-policy'])
  assert.match(await policy(''), /img-src data: http: https:;/)
  assert.match(await policy('?remote=0'), /img-src data:;/)
})

test('A mail without HTML has none', async t => {
  const { ask, store } = await startHttp(t)
  const id = await put(store, mail('T'))
  assert.equal((await ask(`/v1/messages/${id}/html`)).status, 404)
  assert.equal((await ask(`/m/${id}/html`)).status, 404)
  assert.equal((await ask('/m/2/html')).status, 404)
})
