import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acceptsSasl, cramMd5, type SaslResponse } from '../../server/auth/sasl.ts'

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
