import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  acceptsSasl,
  acceptsSender,
  cramMd5,
  type OwnCredentials,
  openedLogin,
  type SaslResponse,
} from '../../server/auth/sasl.ts'

const challenge = '<1896.697170952@postoffice.reston.mci.net>'
const digest = 'b913a602c7eda7a495b4e6e7334d3890'

test('the digest of CRAM-MD5 (RFC 2195 §2)', () => {
  assert.equal(cramMd5('tanstaaftanstaaf', challenge), digest)
})

test('each mechanism proves user and password', () => {
  const expected = { user: 'tim', password: 'tanstaaftanstaaf' }
  const proofs: readonly ((user: string, password: string) => SaslResponse)[] = [
    (user, password) => ({ mechanism: 'PLAIN', user, password }),
    (user, password) => ({ mechanism: 'LOGIN', user, password }),
    (user, token) => ({ mechanism: 'XOAUTH2', user, token }),
    (user, token) => ({ mechanism: 'OAUTHBEARER', user, token }),
    (user, password) => ({
      mechanism: 'CRAM-MD5',
      user,
      challenge,
      digest: cramMd5(password, challenge).toUpperCase(),
    }),
  ]
  for (const proof of proofs) {
    const { mechanism } = proof('', '')
    assert.ok(acceptsSasl(expected, proof('tim', 'tanstaaftanstaaf')), mechanism)
    assert.ok(!acceptsSasl(expected, proof('tim', 'tanstaaf')), mechanism)
    assert.ok(!acceptsSasl(expected, proof('tom', 'tanstaaftanstaaf')), mechanism)
    assert.ok(acceptsSasl(null, proof('tom', 'anything')), mechanism)
  }
  assert.ok(!acceptsSasl(expected, { mechanism: 'CRAM-MD5', user: 'tim', challenge, digest: '' }))
})

test('the digest of APOP (RFC 1939 §7)', () => {
  const proof: SaslResponse = {
    mechanism: 'APOP',
    user: 'mrose',
    timestamp: '<1896.697170952@dbc.mtview.ca.us>',
    digest: 'c4c9334bac560ecc979e58001b3e22fb',
  }
  assert.ok(acceptsSasl({ user: 'mrose', password: 'tanstaaf' }, proof))
  assert.ok(!acceptsSasl({ user: 'mrose', password: 'tanstaa' }, proof))
  assert.ok(acceptsSasl(null, { ...proof, digest: '' }))
})

test('a user opens the catch-all, an address its own account', () => {
  const open = (
    expected: { user: string; password: string } | null,
    user: string,
    password: string,
  ) => openedLogin(expected, { mechanism: 'PLAIN', user, password }, () => undefined)
  assert.equal(open(null, 'anybody', ''), '')
  assert.equal(open(null, 'ann@example.com', 'x'), 'ann@example.com')
  const tim = { user: 'tim', password: 'secret' }
  assert.equal(open(tim, 'tim', 'secret'), '')
  assert.equal(open(tim, 'ann@example.com', 'secret'), 'ann@example.com')
  assert.equal(open(tim, 'ann@example.com', 'wrong'), null)
  assert.equal(open(tim, 'tom', 'secret'), null)
  assert.equal(
    open({ user: 'tim@corp.example', password: 'secret' }, 'tim@corp.example', 'secret'),
    '',
  )
})

test('a login with credentials of its own needs those, whatever is set', () => {
  const inboxes: OwnCredentials = user =>
    user.startsWith('box@')
      ? { user, password: 'own' }
      : user.startsWith('gone@')
        ? null
        : undefined
  for (const expected of [null, { user: 'tim', password: 'secret' }]) {
    const response = (user: string, password: string) =>
      ({ mechanism: 'PLAIN', user, password }) as const
    for (const [user, password, isRight] of [
      ['box@x', 'own', true],
      ['box@x', 'secret', false],
      ['box@x', '', false],
      ['gone@x', 'own', false],
      ['gone@x', 'secret', false],
    ] as const) {
      const opened = openedLogin(expected, response(user, password), inboxes)
      assert.equal(opened, isRight ? user : null)
      assert.equal(acceptsSender(expected, response(user, password), inboxes), isRight)
    }
    assert.equal(acceptsSender(expected, response('tim', 'secret'), inboxes), true)
    assert.equal(acceptsSender(expected, response('tim', 'own'), inboxes), expected === null)
  }
})
