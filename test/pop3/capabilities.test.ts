import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'

const DAY = 86_400_000

test('what is so before the login is told behind it too, but for STLS (RFC 2449 §5)', async t => {
  const pop3 = await startPop3(t)
  const client = await Pop3Client.open(pop3.port)
  const before = (await client.fetch('CAPA')).split('\r\n').slice(0, -1)
  await client.ask('USER any')
  await client.ask('PASS any')
  const behind = (await client.fetch('CAPA')).split('\r\n').slice(0, -1)
  assert.deepEqual(
    before.filter(line => line !== 'STLS'),
    behind,
  )
  assert.ok(before.includes('STLS'))
  for (const line of before) assert.match(line, /^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/)
  client.destroy()
})

test('EXPIRE says what age a message may reach, in whole days (RFC 2449 §6.7)', async t => {
  for (const [maxAge, line] of [
    [null, 'EXPIRE NEVER'],
    [7 * DAY, 'EXPIRE 7'],
    [2 * DAY - 1, 'EXPIRE 1'],
    [DAY - 1, undefined],
  ] as const) {
    const pop3 = await startPop3(t, { maxAge })
    const client = await Pop3Client.open(pop3.port)
    const lines = (await client.fetch('CAPA')).split('\r\n')
    assert.equal(
      lines.find(text => text.startsWith('EXPIRE')),
      line,
    )
    client.destroy()
  }
})
