import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'
import { play } from '../helpers/transcript.ts'

const HEADER = 'Subject: x\r\n\r\n'

test('every command, with and without its argument (RFC 1939 §5, §7)', async t => {
  const pop3 = await startPop3(t)
  await pop3.put(`${HEADER}one\r\n`)
  await pop3.put(`${HEADER}two\r\nlines\r\n`)
  const { uidValidity } = pop3.store.mailboxes.open('').inbox
  await play(
    pop3.port,
    `S: +OK …
     C: USER any
     C: PASS any
     S: +OK …
     S: +OK 2 messages
     C: STAT
     S: +OK 2 45
     C: LIST
     S: +OK 2 messages
     S: 1 19
     S: 2 26
     S: .
     C: LIST 2
     S: +OK 2 26
     C: LIST 3
     S: -ERR no such message, there are 2 in the maildrop
     C: UIDL
     S: +OK 2 messages
     S: 1 ${uidValidity}.1
     S: 2 ${uidValidity}.2
     S: .
     C: UIDL 2
     S: +OK 2 ${uidValidity}.2
     C: UIDL 3
     S: -ERR no such message, …
     C: RETR 2
     S: +OK 26 octets
     S: Subject: x
     S:
     S: two
     S: lines
     S: .
     C: TOP 2 0
     S: +OK …
     S: Subject: x
     S:
     S: .
     C: TOP 2 1
     S: +OK …
     S: Subject: x
     S:
     S: two
     S: .
     C: TOP 2 9999999999
     S: +OK …
     S: Subject: x
     S:
     S: two
     S: lines
     S: .
     C: TOP 100 3
     S: -ERR no such message, …
     C: NOOP
     S: +OK …
     C: DELE 1
     S: +OK message 1 deleted
     C: DELE 1
     S: -ERR message 1 is deleted
     C: RETR 1
     S: -ERR message 1 is deleted
     C: TOP 1 0
     S: -ERR message 1 is deleted
     C: LIST 1
     S: -ERR message 1 is deleted
     C: UIDL 1
     S: -ERR message 1 is deleted
     C: STAT
     S: +OK 1 26
     C: LIST
     S: +OK 1 message
     S: 2 26
     S: .
     C: UIDL
     S: +OK 1 message
     S: 2 ${uidValidity}.2
     S: .
     C: RSET
     S: +OK …
     C: STAT
     S: +OK 2 45
     C: LIST
     S: +OK 2 messages
     S: 1 19
     S: 2 26
     S: .
     C: QUIT
     S: +OK …
     CLOSED`,
  )
  assert.equal(pop3.store.total, 2)
})

test('an empty maildrop', async t => {
  const pop3 = await startPop3(t)
  await play(
    pop3.port,
    `S: +OK …
     C: APOP a ${'0'.repeat(32)}
     S: +OK 0 messages
     C: STAT
     S: +OK 0 0
     C: LIST
     S: +OK 0 messages
     S: .
     C: UIDL
     S: +OK 0 messages
     S: .
     C: LIST 1
     S: -ERR …
     C: RETR 1
     S: -ERR …
     C: RSET
     S: +OK …`,
  )
})

test('numbers that are none', async t => {
  const pop3 = await startPop3(t)
  await pop3.put(HEADER)
  const client = await Pop3Client.login(pop3.port)
  const numbers = ['0', '-1', '+1', '1x', '01', '1.0', '1e0', '0x1', '1:2', '__proto__', '\xb9']
  const beyond = ['2', '4294967297', '9999999999', '99999999999999999999']
  for (const number of [...numbers, ...beyond, '', '1 2']) {
    for (const command of ['RETR', 'DELE', ...(number === '' ? [] : ['LIST', 'UIDL'])]) {
      assert.match(await client.ask(`${command} ${number}`), /^-ERR /, `${command} ${number}`)
      // Too many of them would end the session.
      assert.match(await client.ask('NOOP'), /^\+OK/)
    }
  }
  for (const argument of ['', '1', '1 -1', '1 x', '0 1', '2 1', '1 1 1', '1 99999999999']) {
    assert.match(await client.ask(`TOP ${argument}`), /^-ERR /, `TOP ${argument}`)
  }
  assert.equal(await client.ask('STAT'), `+OK 1 ${HEADER.length}`)
  assert.equal(await client.fetch('RETR  1 '), HEADER)
  client.destroy()
})

test('arguments where none are wanted', async t => {
  const pop3 = await startPop3(t)
  const client = await Pop3Client.login(pop3.port)
  for (const command of ['STAT', 'NOOP', 'RSET', 'CAPA', 'QUIT']) {
    assert.match(await client.ask(`${command} x`), /^-ERR /, command)
  }
  assert.equal(await client.ask('STAT '), '+OK 0 0')
  client.destroy()
})

test('ten thousand messages are listed in order', async t => {
  const pop3 = await startPop3(t)
  const count = 10_000
  await Promise.all(Array.from({ length: count }, (_, serial) => pop3.put(`n: ${serial}\r\n\r\n`)))
  const client = await Pop3Client.login(pop3.port)
  const list = (await client.fetch('LIST')).split('\r\n').slice(0, -1)
  const uidl = (await client.fetch('UIDL')).split('\r\n').slice(0, -1)
  assert.deepEqual(
    list.map(line => Number(line.split(' ')[0])),
    Array.from({ length: count }, (_, index) => index + 1),
  )
  const sum = list.reduce((octets, line) => octets + Number(line.split(' ')[1]), 0)
  assert.equal(await client.ask('STAT'), `+OK ${count} ${sum}`)
  assert.equal(new Set(uidl.map(line => line.split(' ')[1])).size, count)
  client.destroy()
})

test('DELE is refused where deleting is switched off', async t => {
  const pop3 = await startPop3(t, { allowDelete: false })
  await pop3.put(HEADER)
  const client = await Pop3Client.login(pop3.port)
  assert.match(await client.ask('DELE 1'), /^-ERR deleting is switched off/)
  assert.equal(await client.ask('STAT'), `+OK 1 ${HEADER.length}`)
  assert.match(await client.ask('QUIT'), /^\+OK/)
  assert.equal(pop3.store.total, 1)
})
