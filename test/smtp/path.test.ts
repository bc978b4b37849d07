import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPathCommand } from '../../server/smtp/path.ts'

const addressOf = (line: string) => readPathCommand('RCPT TO', `RCPT TO:${line}`)?.address

test('reads what the grammar allows', () => {
  assert.deepEqual(readPathCommand('MAIL FROM', 'MAIL FROM:<Smith@bar.com>'), {
    address: 'Smith@bar.com',
    args: false,
  })
  assert.deepEqual(readPathCommand('MAIL FROM', 'mail from:<>'), { address: '', args: false })
  assert.equal(addressOf('<"john doe"@example.com>'), '"john doe"@example.com')
  assert.equal(addressOf('<"a>b@c\\"d"@example.com>'), '"a>b@c\\"d"@example.com')
  assert.equal(addressOf('<user@[IPv6:2001:db8::1]>'), 'user@[IPv6:2001:db8::1]')
  assert.equal(addressOf('<Postmaster>'), 'Postmaster')
  assert.equal(addressOf('<jürgen@bücher.example>'), 'jürgen@bücher.example')
})

test('leaves out a source route (RFC 5321 appendix C)', () => {
  assert.equal(addressOf('<@hosta.int,@jkl.org:userc@d.bar.org>'), 'userc@d.bar.org')
})

test('reads what apps send beside the grammar', () => {
  assert.equal(addressOf(' <user@example.com>'), 'user@example.com')
  assert.equal(addressOf('user@example.com'), 'user@example.com')
  assert.equal(addressOf('root'), 'root')
  assert.equal(addressOf('<user.@example..com>'), 'user.@example..com')
  assert.equal(addressOf('<a@b@c>'), 'a@b@c')
  assert.equal(addressOf('<User@XN--BCHER-KVA.example>'), 'User@XN--BCHER-KVA.example')
  assert.equal(
    readPathCommand('MAIL FROM', 'MAIL  FROM : <user@example.com>  ')?.address,
    'user@example.com',
  )
})

test('refuses what is no path', () => {
  for (const line of [
    '<user@example.com',
    '<user@exam ple.com>',
    '<user@example.com>SIZE=1',
    '<<user@example.com>>',
    'user@example.com>',
    '<"user@example.com>',
    '<user@example.com\\>\u0000',
    '<user\r@example.com>',
    '<user\u0085@example.com>',
    '',
  ]) {
    assert.equal(addressOf(line), undefined, JSON.stringify(line))
  }
  assert.equal(readPathCommand('RCPT TO', 'MAIL FROM:<user@example.com>'), undefined)
  assert.equal(readPathCommand('RCPT TO', 'RCPT'), undefined)
  assert.equal(readPathCommand('RCPT TO', 'RCPT <user@example.com>'), undefined)
})

test('reads parameters as they were given (RFC 3461 §4)', () => {
  const line = 'RCPT TO:<a@b.example> NOTIFY=SUCCESS,DELAY  orcpt=rfc822;a+2Bb@c.example Flag X= '
  assert.deepEqual(readPathCommand('RCPT TO', line), {
    address: 'a@b.example',
    args: { NOTIFY: 'SUCCESS,DELAY', ORCPT: 'rfc822;a+2Bb@c.example', FLAG: true, X: true },
  })
  assert.equal(readPathCommand('MAIL FROM', 'MAIL FROM:<> SIZE=1 size=2')?.duplicate, 'SIZE')
  // What is no keyword is in no reply.
  for (const other of ['caf\u00e9', '<x>', 'x'.repeat(65)]) {
    assert.equal(
      readPathCommand('MAIL FROM', `MAIL FROM:<> ${other} ${other}`)?.duplicate,
      undefined,
    )
  }
  const harmless = readPathCommand('MAIL FROM', 'MAIL FROM:<> __proto__=1 constructor=2')
  assert.deepEqual(Object.keys(harmless?.args || {}), ['__PROTO__', 'CONSTRUCTOR'])
})

test('reads the longest line in linear time', () => {
  // Quadratic, each of these would take minutes.
  for (const unit of [' ', '<', '"', '\\', '@a:', 'A=1 ', ',@a', ':']) {
    readPathCommand('MAIL FROM', `MAIL FROM:<${unit.repeat(300_000)}`)
    readPathCommand('MAIL FROM', `${unit.repeat(300_000)}MAIL FROM:`)
  }
})
