import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTransport } from 'nodemailer'
import { startMailcatch, UsageError } from '../server/index.ts'
import { Pop3Client } from './helpers/pop3.ts'

async function send(port: number | null, subject = 'Hello') {
  const transport = createTransport({ host: '127.0.0.1', port: port ?? 0, ignoreTLS: true })
  await transport.sendMail({ from: 'app@a.test', to: 'ann@b.test', subject, text: 'Hi' })
}

async function subjects(url: string | null): Promise<string[]> {
  const response = await fetch(`${url}v1/messages`)
  const { messages } = (await response.json()) as { messages: { subject: string }[] }
  return messages.map(({ subject }) => subject)
}

async function isOpen(port: number | null): Promise<boolean> {
  const socket = connect(port ?? 0, '127.0.0.1')
  const answer = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return answer
}

test('two in one process know nothing of each other', async () => {
  const one = await startMailcatch()
  const two = await startMailcatch()
  await send(one.ports.smtp, 'one')
  assert.deepEqual(await subjects(one.url), ['one'])
  assert.deepEqual(await subjects(two.url), [])
  assert.equal(one.url, `http://localhost:${one.ports.http}/`)
  assert.deepEqual([one.ports.smtps, one.ports.pop3s], [null, null])
  assert.ok(one.ports.pop3)
  await Promise.all([one.close(), two.close()])
  assert.equal(await isOpen(one.ports.smtp), false)
  assert.equal(await isOpen(one.ports.pop3), false)
  assert.equal(await isOpen(one.ports.http), false)
})

test('closes at the end of its scope, and twice is once', async () => {
  let port: number | null
  {
    await using mail = await startMailcatch()
    port = mail.ports.smtp
    assert.equal(await isOpen(port), true)
    await Promise.all([mail.close(), mail.close()])
  }
  assert.equal(await isOpen(port), false)
})

test('front-ends that are off, a base path', async () => {
  await using mail = await startMailcatch({ httpPort: null, pop3Port: null, smtpsPort: 0 })
  assert.equal(mail.url, null)
  assert.equal(mail.ports.http, null)
  assert.equal(mail.ports.pop3, null)
  assert.ok(mail.ports.smtps)
  await using other = await startMailcatch({ smtpPort: null, basePath: '/mail/' })
  assert.equal(other.url, `http://localhost:${other.ports.http}/mail/`)
  assert.equal((await fetch(`${other.url}v1/stats`)).status, 200)
})

test('POP3 reads what SMTP caught, under the options of all', async () => {
  const auth = { user: 'ann', password: 'secret' }
  await using mail = await startMailcatch({ pop3sPort: 0, starttls: false, allowDelete: false })
  await using guarded = await startMailcatch({ auth, maxAge: 7 * 86_400_000 })
  const early = await Pop3Client.login(mail.ports.pop3 ?? 0)
  await send(mail.ports.smtp)
  assert.equal(await early.ask('STAT'), '+OK 0 0')
  assert.match(await early.ask('QUIT'), /^\+OK/)
  const client = await Pop3Client.login(mail.ports.pop3 ?? 0)
  assert.match(await client.fetch('RETR 1'), /^Subject: Hello$/m)
  assert.match(await client.ask('DELE 1'), /^-ERR/)
  assert.doesNotMatch(await client.fetch('CAPA'), /STLS/)
  client.destroy()

  const other = await Pop3Client.open(guarded.ports.pop3 ?? 0)
  assert.match(await other.fetch('CAPA'), /^EXPIRE 7\r\nSTLS\r$/m)
  await other.ask('USER ann')
  assert.match(await other.ask('PASS wrong'), /^-ERR \[AUTH\]/)
  await other.ask('USER ann')
  assert.match(await other.ask('PASS secret'), /^\+OK/)
  other.destroy()
})

test('keeps mail where it is told to', async () => {
  const data = mkdtempSync(join(tmpdir(), 'mailcatch-data-'))
  try {
    const first = await startMailcatch({ data })
    await send(first.ports.smtp, 'Kept')
    await assert.rejects(startMailcatch({ data }), { name: 'LockedError' })
    await first.close()
    await using second = await startMailcatch({ data })
    assert.deepEqual(await subjects(second.url), ['Kept'])
  } finally {
    rmSync(data, { recursive: true })
  }
})

test('when one port cannot be had, nothing stays open', async () => {
  const data = mkdtempSync(join(tmpdir(), 'mailcatch-data-'))
  const stranger = createServer().listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  const { port: httpPort } = stranger.address() as AddressInfo
  const free = await startMailcatch()
  const smtpPort = free.ports.smtp
  await free.close()
  try {
    await assert.rejects(startMailcatch({ data, smtpPort, httpPort }), { name: 'PortInUseError' })
    assert.equal(await isOpen(smtpPort), false)
    // The data directory is free again too.
    await using again = await startMailcatch({ data, smtpPort })
    assert.equal(again.ports.smtp, smtpPort)
  } finally {
    stranger.close()
    rmSync(data, { recursive: true })
  }
})

test('refuses what cannot be meant', async () => {
  await assert.rejects(startMailcatch({ host: '0.0.0.0' }), UsageError)
})

/** A script in a process of its own, which ends when nothing keeps it alive. */
function run(script: string) {
  const source = `
    import { connect } from 'node:net'
    import { once } from 'node:events'
    import { createTransport } from 'nodemailer'
    import { startMailcatch } from '${new URL('../server/index.ts', import.meta.url).href}'
    ${script}`
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source]
  return spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 })
}

test('a process that forgets to close it ends by itself', () => {
  const { status, stdout, stderr } = run(`
    const mail = await startMailcatch()
    const socket = connect(mail.ports.smtp, '127.0.0.1')
    await once(socket, 'data')
    socket.unref()
    const transport = createTransport({ host: '127.0.0.1', port: mail.ports.smtp, ignoreTLS: true })
    await transport.sendMail({ from: 'a@b.test', to: 'c@d.test', text: 'Hi' })
    const response = await fetch(mail.url + 'v1/messages/1')
    console.log((await response.json()).text.trim())`)
  assert.deepEqual([stdout, stderr, status], ['Hi\n', '', 0])
})

test('reads no variable and no file', () => {
  const { stdout, stderr } = run(`
    process.env.MAILCATCH_SMTP_PORT = 'nonsense'
    const mail = await startMailcatch()
    console.log(mail.ports.smtp > 0)`)
  assert.deepEqual([stdout, stderr], ['true\n', ''])
})
