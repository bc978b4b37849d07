import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { beginSasl, type SaslMechanism } from '../../server/auth/exchange.ts'
import { cramMd5 } from '../../server/auth/sasl.ts'

/** Plays an exchange: the challenges as text, and what it came to. */
const play = (mechanism: SaslMechanism, initial: string | null, ...answers: string[]) => {
  const exchange = beginSasl(mechanism, initial === null ? null : Buffer.from(initial))
  const challenges: string[] = []
  let step = exchange.next()
  while (!step.done) {
    challenges.push(step.value.toString())
    const answer = answers.shift()
    if (answer === undefined) break
    step = exchange.next(Buffer.from(answer))
  }
  return { challenges, result: step.done ? step.value : undefined }
}

describe('an exchange of SASL', () => {
  test('PLAIN, with and without an initial response (RFC 4616 §4)', () => {
    const expected = { mechanism: 'PLAIN', user: 'tim', password: 'tanstaaftanstaaf' }
    assert.deepEqual(play('PLAIN', '\0tim\0tanstaaftanstaaf').result, expected)
    const asked = play('PLAIN', null, '\0tim\0tanstaaftanstaaf')
    assert.deepEqual(asked, { challenges: [''], result: expected })
    assert.equal(play('PLAIN', 'Ursel\0Kurt\0xipj3plmq').result?.user, 'Kurt')
    for (const wrong of ['', 'tim', '\0tim', '\0\0x', '\0tim\0x\0y']) {
      assert.equal(play('PLAIN', wrong).result, null)
    }
  })

  test('LOGIN asks for name and password', () => {
    const { challenges, result } = play('LOGIN', null, 'tim', 'secret')
    assert.deepEqual(challenges, ['Username:', 'Password:'])
    assert.deepEqual(result, { mechanism: 'LOGIN', user: 'tim', password: 'secret' })
    assert.deepEqual(play('LOGIN', 'tim', 'secret').challenges, ['Password:'])
    assert.equal(play('LOGIN', null, '', 'x').result, null)
  })

  test('CRAM-MD5 gives a challenge of its own each time', () => {
    const exchange = beginSasl('CRAM-MD5', null)
    const challenge = String(exchange.next().value)
    assert.match(challenge, /^<[^<>\s]+@[^<>\s]+>$/)
    assert.notEqual(String(beginSasl('CRAM-MD5', null).next().value), challenge)
    const digest = cramMd5('secret', challenge)
    assert.deepEqual(exchange.next(Buffer.from(`a user ${digest}`)), {
      done: true,
      value: { mechanism: 'CRAM-MD5', user: 'a user', challenge, digest },
    })
    assert.equal(play('CRAM-MD5', 'tim').result, null)
    for (const wrong of ['', 'tim', 'tim 123', ` ${digest}`, `tim ${digest}0`]) {
      assert.equal(play('CRAM-MD5', null, wrong).result, null)
    }
  })

  test('XOAUTH2 and OAUTHBEARER bring a token (RFC 7628 §4.1)', () => {
    assert.deepEqual(play('XOAUTH2', 'user=tim@x.org\x01auth=Bearer abc==\x01\x01').result, {
      mechanism: 'XOAUTH2',
      user: 'tim@x.org',
      token: 'abc==',
    })
    const gs2 = 'n,a=us=2Cer=3D@example.com,\x01host=server.example.com\x01port=143\x01'
    assert.deepEqual(
      play('OAUTHBEARER', null, `${gs2}auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHR==\x01\x01`),
      {
        challenges: [''],
        result: {
          mechanism: 'OAUTHBEARER',
          user: 'us,er=@example.com',
          token: 'vF9dft4qmTc2Nvb3RlckBhbHR==',
        },
      },
    )
    assert.equal(play('OAUTHBEARER', 'n,,\x01auth=Bearer x\x01\x01').result, null)
    assert.equal(play('XOAUTH2', 'user=tim\x01\x01').result, null)
  })
})
