import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MailStore } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { Pop3Client, startPop3 } from '../helpers/pop3.ts'
import { usualStore } from '../helpers/store.ts'

const mail = (serial: number) => `Subject: ${serial}\r\n\r\n`

test('what is marked is removed at QUIT, and not before', async t => {
  const pop3 = await startPop3(t)
  for (const serial of [1, 2, 3]) await pop3.put(mail(serial))
  const client = await Pop3Client.login(pop3.port)
  await client.ask('DELE 3')
  await client.ask('DELE 1')
  await client.ask('CAPA')
  await client.rest()
  assert.equal(pop3.store.total, 3)
  assert.match(await client.ask('QUIT'), /^\+OK/)
  assert.deepEqual(await pop3.store.match({}), [2])
  await client.over()
})

test('a session that ends otherwise removes nothing (RFC 1939 §6)', async t => {
  const pop3 = await startPop3(t, { patience: { idle: 100 } })
  await pop3.put(mail(1))
  const ends: ((client: Pop3Client) => void)[] = [
    client => client.socket.end(),
    client => client.socket.resetAndDestroy(),
    client => client.destroy(),
    client => client.write('QUIT'),
    client => client.write(`${'x\r\n'.repeat(20)}QUIT\r\n`),
    client => client.write(`${'x'.repeat(20_000)}\r\nQUIT\r\n`),
    () => {},
  ]
  for (const end of ends) {
    const client = await Pop3Client.login(pop3.port)
    assert.match(await client.ask('DELE 1'), /^\+OK/)
    end(client)
    await client.over()
    assert.equal(pop3.store.total, 1)
  }
})

test('the deletion is durable when it is answered', async t => {
  const pop3 = await startPop3(t, { isOnDisk: true })
  for (const serial of [1, 2, 3]) await pop3.put(mail(serial))
  const client = await Pop3Client.login(pop3.port)
  await client.ask('DELE 2')
  assert.match(await client.ask('QUIT'), /^\+OK/)
  await pop3.close()
  await pop3.store.close()
  const store = await MailStore.open({
    ...usualStore,
    directory: pop3.directory,
  })
  assert.deepEqual(await store.match({}), [1, 3])
  await store.close()
})

test('where the store fails it is said, nothing is removed, and the maildrop is free again', async t => {
  const { fs, fail } = failingFs(memoryFs())
  const pop3 = await startPop3(t, { fs })
  for (const serial of [1, 2]) await pop3.put(mail(serial))
  const client = await Pop3Client.login(pop3.port)
  await client.ask('DELE 1')
  fail('write', 'EIO')
  assert.equal(await client.ask('QUIT'), '-ERR [SYS/TEMP] the deleted messages were not removed')
  await client.over()
  assert.equal(pop3.store.total, 2)
  assert.equal(pop3.lines.filter(line => line.includes('POP3: a command failed')).length, 1)

  const again = await Pop3Client.login(pop3.port)
  await again.ask('DELE 1')
  assert.match(await again.ask('QUIT'), /^\+OK/)
  assert.deepEqual(await pop3.store.match({}), [2])
})

test('what went meanwhile is no obstacle', async t => {
  const pop3 = await startPop3(t)
  for (const serial of [1, 2, 3]) await pop3.put(mail(serial))
  const client = await Pop3Client.login(pop3.port)
  await client.ask('DELE 1')
  await client.ask('DELE 2')
  await pop3.store.remove([1])
  assert.match(await client.ask('QUIT'), /^\+OK/)
  assert.deepEqual(await pop3.store.match({}), [3])
})

test('the maildrop is free as soon as QUIT is answered', async t => {
  const pop3 = await startPop3(t, { lockPatience: 0 })
  for (let round = 0; round < 50; round++) {
    const client = await Pop3Client.login(pop3.port)
    assert.match(await client.ask('QUIT'), /^\+OK/)
  }
})
