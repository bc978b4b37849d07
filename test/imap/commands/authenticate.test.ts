import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { startImap } from '../../helpers/imap.ts'
import { play } from '../../helpers/transcript.ts'
import { Wire } from '../../helpers/wire.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const PLAIN = base64('\0ann\0secret')

test('PLAIN, with and without an initial response (RFC 9051 §6.2.2, RFC 4959)', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a AUTHENTICATE PLAIN
     S: +${' '}
     C: ${PLAIN}
     S: a OK [CAPABILITY …] logged in`,
  )
  await play(
    imap.port,
    `S: * OK …
     C: a authenticate plain ${PLAIN}
     S: a OK [CAPABILITY …] logged in`,
  )
})

test('any credentials pass where none are set', async t => {
  const imap = await startImap(t)
  const bearer = base64('n,a=ann@example.com,\x01host=x\x01auth=Bearer token\x01\x01')
  const xoauth = base64('user=ann\x01auth=Bearer token\x01\x01')
  for (const exchange of [
    `C: a AUTHENTICATE LOGIN
     S: + ${base64('Username:')}
     C: ${base64('ann')}
     S: + ${base64('Password:')}
     C: ${base64('x')}`,
    `C: a AUTHENTICATE CRAM-MD5
     S: + …
     C: ${base64(`ann ${'0'.repeat(32)}`)}`,
    `C: a AUTHENTICATE XOAUTH2 ${xoauth}`,
    `C: a AUTHENTICATE OAUTHBEARER ${bearer}`,
    'C: a LOGIN "" ""',
    'C: a LOGIN {3}\nS: + OK\nC: ann {6+}\\r\\nsecret',
  ]) {
    await play(imap.port, `S: * OK …\n${exchange}\nS: a OK [CAPABILITY …] logged in`)
  }
})

test('only the credentials that are set, where some are', async t => {
  const auth = { user: 'ann', password: 'secret' }
  const imap = await startImap(t, { auth })
  await play(
    imap.port,
    `S: * OK [CAPABILITY … AUTH=SCRAM-SHA-256 AUTH=CRAM-MD5 AUTH=PLAIN …
     C: a LOGIN ann wrong
     S: a NO [AUTHENTICATIONFAILED] the name or the password is wrong
     C: b AUTHENTICATE PLAIN ${base64('\0bob\0secret')}
     S: b NO [AUTHENTICATIONFAILED] …
     C: c AUTHENTICATE PLAIN ${base64('nothing of it')}
     S: c NO [AUTHENTICATIONFAILED] …
     C: d LOGIN ann secret
     S: d OK …`,
  )
  // An address with the same password opens its own account.
  await play(imap.port, 'S: * OK …\nC: a LOGIN bob@example.com secret\nS: a OK …')
  await play(imap.port, 'S: * OK …\nC: a LOGIN bob@example.com x\nS: a NO …')
})

test('CRAM-MD5 proves the password that is set', async t => {
  const imap = await startImap(t, { auth: { user: 'ann', password: 'secret' } })
  const wire = await Wire.open(imap.port)
  await wire.line()
  wire.write('a AUTHENTICATE CRAM-MD5\r\n')
  const challenge = Buffer.from(((await wire.line()) ?? '').slice(2), 'base64').toString()
  const digest = createHmac('md5', 'secret').update(challenge).digest('hex')
  wire.write(`${base64(`ann ${digest}`)}\r\n`)
  assert.match((await wire.line()) ?? '', /^a OK/)
  wire.destroy()
})

test('cancelled, malformed, unknown', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a AUTHENTICATE PLAIN
     S: +${' '}
     C: *
     S: a BAD the authentication was cancelled
     C: b AUTHENTICATE KERBEROS_V4
     S: b NO [CANNOT] that mechanism is not offered
     C: c AUTHENTICATE SCRAM-SHA-256
     S: c NO [CANNOT] that mechanism is not offered
     C: d AUTHENTICATE PLAIN
     S: +${' '}
     C: not base64!
     S: d BAD expected base64 at octet …`,
  )
})

test('a name that is too long for an account', async t => {
  const imap = await startImap(t)
  await play(
    imap.port,
    `S: * OK …
     C: a LOGIN ${'x'.repeat(1_200)}@example.com any
     S: a NO [CANNOT] a login has at most 1000 octets`,
  )
})

test('who guesses is shown out', async t => {
  const imap = await startImap(t, { auth: { user: 'ann', password: 'secret' } })
  const guesses = Array.from({ length: 9 }, () => 'C: a LOGIN ann x\nS: a NO …').join('\n')
  await play(
    imap.port,
    `S: * OK …
     ${guesses}
     C: b LOGIN ann x
     S: * BYE too many failed logins
     CLOSED`,
  )
})
