import assert from 'node:assert/strict'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, test } from 'node:test'
import type { SaslExchange } from '../../server/auth/exchange.ts'
import { openedLogin } from '../../server/auth/sasl.ts'
import { scramSha256 } from '../../server/auth/scram.ts'

const PASSWORD = 'pencil'

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** A client's part, after RFC 5802 §3; `change` makes it go wrong. */
const login = (
  clientFirst: string,
  password: string,
  change: (final: { bare: string; proof: string }) => string = ({ bare, proof }) =>
    `${bare},p=${proof}`,
  passwordOf: (user: string) => string = () => PASSWORD,
) => {
  const exchange: SaslExchange = scramSha256(passwordOf, null)
  assert.deepEqual(exchange.next().value, Buffer.alloc(0))
  const first = exchange.next(Buffer.from(clientFirst))
  if (first.done) return first.value
  const serverFirst = (first.value as Buffer).toString()
  const [, nonce = '', salt = '', iterations = ''] =
    /^r=(.+),s=(.+),i=(\d+)$/.exec(serverFirst) ?? []
  const [header = '', firstBare = ''] = /^(.*?,.*?,)(.*)$/.exec(clientFirst)?.slice(1) ?? []
  const bare = `c=${Buffer.from(header).toString('base64')},r=${nonce}`
  const salted = pbkdf2Sync(
    password.normalize('NFKC'),
    Buffer.from(salt, 'base64'),
    Number(iterations),
    32,
    'sha256',
  )
  const authMessage = `${firstBare},${serverFirst},${bare}`
  const clientKey = hmac(salted, 'Client Key')
  const storedKey = createHash('sha256').update(clientKey).digest()
  const signature = hmac(storedKey, authMessage)
  const proved = clientKey.map((octet, at) => octet ^ (signature[at] as number))
  const proof = Buffer.from(proved).toString('base64')
  const last = exchange.next(Buffer.from(change({ bare, proof })))
  if (last.done) return last.value
  const expected = hmac(hmac(salted, 'Server Key'), authMessage).toString('base64')
  assert.equal((last.value as Buffer).toString(), `v=${expected}`)
  const end = exchange.next(Buffer.alloc(0))
  assert.ok(end.done)
  return end.value
}

const nobody = () => undefined

describe('SCRAM-SHA-256', () => {
  test('the password is proved, and the server proves that it knows it', () => {
    const expected = { mechanism: 'SCRAM-SHA-256', user: 'user', isProven: true }
    assert.deepEqual(login('n,,n=user,r=rOprNGfwEbeRWgbNEkqO', PASSWORD), expected)
    assert.deepEqual(login('y,,n=user,r=x', PASSWORD), expected)
    assert.deepEqual(login('n,a=user,n=user,r=x', PASSWORD), expected)
    assert.deepEqual(login('n,,n=a=2Cb=3Dc,r=x', PASSWORD), { ...expected, user: 'a,b=c' })
  })

  test('another password proves nothing', () => {
    const response = login('n,,n=user,r=x', 'pen')
    assert.deepEqual(response, { mechanism: 'SCRAM-SHA-256', user: 'user', isProven: false })
    assert.equal(
      response && openedLogin({ user: 'user', password: PASSWORD }, response, nobody),
      null,
    )
  })

  test('each user may have a password of its own', () => {
    const own = (user: string) => (user === 'box' ? 'own' : PASSWORD)
    const expected = { mechanism: 'SCRAM-SHA-256', user: 'box', isProven: true }
    assert.deepEqual(login('n,,n=box,r=x', 'own', undefined, own), expected)
    assert.deepEqual(login('n,,n=box,r=x', PASSWORD, undefined, own), {
      ...expected,
      isProven: false,
    })
  })

  test('the user and the addresses with that password open their accounts', () => {
    const credentials = { user: 'user', password: PASSWORD }
    const open = (name: string) => {
      const response = login(`n,,n=${name},r=x`, PASSWORD)
      return response && openedLogin(credentials, response, nobody)
    }
    assert.equal(open('user'), '')
    assert.equal(open('ann@example.com'), 'ann@example.com')
    assert.equal(open('other'), null)
  })

  test('what is none of its messages ends it', () => {
    const wrong = [
      '',
      'n,,n=,r=x',
      'n,,n=user',
      'n,,n=user,r=',
      'p=tls-unique,,n=user,r=x',
      'n,a=other,n=user,r=x',
      'n,,m=1,n=user,r=x',
      'n,,n=a=b,r=x',
    ]
    for (const message of wrong) assert.equal(login(message, PASSWORD), null, message)
    const changes: ((final: { bare: string; proof: string }) => string)[] = [
      ({ bare }) => bare,
      ({ bare, proof }) => `${bare}x,p=${proof}`,
      ({ bare, proof }) => `${bare.replace('c=biws', 'c=eSws')},p=${proof}`,
      () => '',
    ]
    for (const change of changes) {
      assert.equal(login('n,,n=user,r=x', PASSWORD, change), null)
    }
    assert.equal(
      login('n,,n=user,r=x', PASSWORD, ({ bare }) => `${bare},p=AAAA`)?.user,
      'user',
      'a proof of another length',
    )
  })
})
