import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WebSocket } from 'ws'
import { startHttp } from '../helpers/http-server.ts'

const auth = { user: 'ann', password: 'geheim:ß' }
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

test('The password is asked for by Basic, Bearer or cookie', async t => {
  const { ask, port } = await startHttp(t, { auth })
  const refused = await ask('/')
  assert.equal(refused.status, 401)
  assert.equal(refused.headers['www-authenticate'], 'Basic realm="Mailcatch", charset="UTF-8"')
  assert.equal(refused.headers['set-cookie'], undefined)

  const page = await ask('/', { headers: basic('ann:geheim:ß') })
  assert.equal(page.status, 503)
  const [cookie] = page.headers['set-cookie'] ?? []
  assert.match(
    cookie ?? '',
    new RegExp(`^mailcatch_${port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
  )
  const session = cookie?.split(';')[0] ?? ''
  assert.equal(
    (await ask('/v1/cursor', { headers: { cookie: `a=b; ${session}; c=d` } })).status,
    200,
  )
  const bearer = { authorization: `Bearer ${Buffer.from('geheim:ß').toString('latin1')}` }
  assert.equal((await ask('/v1/cursor', { headers: bearer })).status, 200)
  assert.equal((await ask('/v1/cursor', { headers: bearer })).headers['set-cookie'], undefined)

  const socket = new WebSocket(`ws://127.0.0.1:${port}/v1/events`, { headers: { cookie: session } })
  await once(socket, 'open')
  socket.terminate()
})

test('Anything else is a 401', async t => {
  const { ask } = await startHttp(t, { auth })
  for (const headers of [
    basic('ann:'),
    basic('ann:geheim'),
    basic('bob:geheim:ß'),
    basic(':geheim:ß'),
    basic(''),
    basic('ann:geheim:ß '),
    { authorization: 'Basic' },
    { authorization: 'Basic ????' },
    { authorization: `Basic ${'A'.repeat(10_000)}` },
    { authorization: 'Bearer ' },
    { authorization: 'Bearer ann' },
    { authorization: 'Digest username="ann"' },
    { cookie: 'mailcatch=1' },
    { cookie: '; ; =; mailcatch_' },
    {},
  ] as Record<string, string>[]) {
    assert.equal((await ask('/v1/messages', { headers })).status, 401, JSON.stringify(headers))
    assert.equal((await ask('/nothing', { headers })).status, 401)
  }
})

test('Supervisors need no password, at exactly their two addresses', async t => {
  const { ask } = await startHttp(t, { auth })
  for (const path of ['/livez', '/readyz', '/livez?x']) {
    assert.notEqual((await ask(path)).status, 401, path)
  }
  for (const path of [
    '/livez/',
    '//livez',
    '/livez/../v1/messages',
    '/x/../livez',
    '/LIVEZ',
    '/%6civez',
    '/metrics',
    '/livez%2f..%2fv1',
  ]) {
    assert.equal((await ask(path)).status, 401, path)
  }
})

test('A session belongs to one process and one base path', async t => {
  const one = await startHttp(t, { auth, basePath: '/one/' })
  const page = await one.ask('/one/', { headers: basic('ann:geheim:ß') })
  assert.match(String(page.headers['set-cookie']), /; Path=\/one\/;/)
  const two = await startHttp(t, { auth })
  const value = String(page.headers['set-cookie']).replace(/^[^=]*=([^;]*).*$/, '$1')
  const cookie = `mailcatch_${two.port}=${value}`
  assert.equal((await two.ask('/v1/cursor', { headers: { cookie } })).status, 401)
})
