import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startHttp } from '../helpers/http-server.ts'

const cli = fileURLToPath(new URL('../../server/cli.ts', import.meta.url))

/** Pipes a message into the command, as PHP does. */
const pipe = async (message: string, ...args: string[]) => {
  const child = spawn(process.execPath, ['--import', 'tsx', cli, 'sendmail', ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  child.stdin.end(message, 'latin1')
  const [out, said, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  return { code: code as number, out, said }
}

test('a message piped in is caught, as sendmail takes it', async t => {
  const { port, store } = await startHttp(t)
  const url = `--url=http://127.0.0.1:${port}/`
  const raw = async (id: number) => (await store.rawBytes(id))?.toString('latin1')

  const php =
    'To: Ann <ann@example.com>\nBcc: boss@example.com,\n b@example.com\nSubject: Hi\n\nOne\n.\nTwo\n'
  assert.deepEqual(await pipe(php, '-t', '-i', url), { code: 0, out: '', said: '' })
  assert.deepEqual(store.entry(1)?.message.rcptTo, [
    'ann@example.com',
    'boss@example.com',
    'b@example.com',
  ])
  assert.equal(await raw(1), 'To: Ann <ann@example.com>\r\nSubject: Hi\r\n\r\nOne\r\n.\r\nTwo\r\n')

  const cron = await pipe(
    'Subject: Hi\r\n\r\nOne\r\n.\r\nTwo\r\n',
    '-FCron',
    '-odi',
    '-f',
    '<>',
    url,
    'ann@example.com',
  )
  assert.equal(cron.code, 0)
  assert.deepEqual(
    [store.entry(2)?.message.rcptTo, store.entry(2)?.message.mailFrom],
    [['ann@example.com'], ''],
  )
  assert.equal(await raw(2), 'Subject: Hi\r\n\r\nOne\r\n')
})

test('a message has as many recipients as SMTP takes, of 320 octets each', async t => {
  const { port, store } = await startHttp(t)
  const url = `--url=http://127.0.0.1:${port}/`
  const many = (name: string, count: number) =>
    Array.from({ length: count }, (_, at) => {
      const domain = `${'d'.repeat(60)}.`.repeat(4)
      return `${name}${at}`.padEnd(64, 'x').concat('@', domain).padEnd(320, 'e')
    })
  const [to, bcc] = [many('to', 900), many('bcc', 99)]
  const message = `To: ${to.join(',\n ')}\nBcc: ${bcc.join(',\n ')}\nSubject: Hi\n\nText\n`
  const sent = await pipe(message, '-t', '-i', '-f', 'app@example.com', url, 'é@example.com')
  assert.deepEqual(sent, { code: 0, out: '', said: '' })
  assert.deepEqual(store.entry(1)?.message.rcptTo, ['é@example.com', ...to, ...bcc])
  assert.equal(store.entry(1)?.message.mailFrom, 'app@example.com')
  const raw = (await store.rawBytes(1))?.toString('latin1') ?? ''
  assert.equal(raw, `To: ${to.join(',\r\n ')}\r\nSubject: Hi\r\n\r\nText\r\n`)
  const more = await pipe(
    'Subject: Hi\n\n',
    url,
    ...Array.from({ length: 1_001 }, (_, at) => `a${at}@b`),
  )
  assert.notEqual(more.code, 0)
  assert.match(more.said, /rcptOctets: .*1000/)
  assert.equal(store.total, 1)
})

test('what nobody could deliver is refused, and nothing is caught', async t => {
  const { port, store } = await startHttp(t)
  const url = `--url=http://127.0.0.1:${port}/`
  const none = await pipe('Subject: Hi\n\n', '-t', url)
  assert.equal(none.code, 2)
  assert.match(none.said, /names no recipient/)
  assert.equal((await pipe('Subject: Hi\n\n', url)).code, 2)
  assert.equal((await pipe('', '-bs', url, 'a@example.com')).code, 2)
  assert.equal(store.total, 0)
})
