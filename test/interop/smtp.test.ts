import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import nodemailer from 'nodemailer'
import { startSmtp } from '../helpers/smtp.ts'

const MESSAGE =
  'From: ann@example.com\r\nTo: bob@example.org\r\nSubject: Hello\r\n\r\n.dots\r\n..and more\r\n'

/** Skips the test, saying so, where the client is not installed. */
function isMissing(t: TestContext, command: string, ...probe: string[]): boolean {
  const found = spawnSync(command, probe, { stdio: 'ignore' }).status === 0
  if (!found) t.skip(`${command} is not installed (asked: ${command} ${probe.join(' ')})`)
  return !found
}

/** Runs a client to its end, with the message on stdin. */
async function run(command: string, args: readonly string[], input = MESSAGE): Promise<string> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  child.stdin.end(input)
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  assert.equal(code, 0, `${stdout}\n${stderr}`)
  return stdout
}

test('nodemailer: each login, TLS or not, a pool, and what it says of the reply', async t => {
  const smtp = await startSmtp(t)
  const smtps = await startSmtp(t, { implicitTls: true })
  const tls = { rejectUnauthorized: false }
  for (const options of [
    { port: smtp.port, ignoreTLS: true },
    { port: smtp.port, requireTLS: true, tls },
    { port: smtps.port, secure: true, tls },
    ...['PLAIN', 'LOGIN', 'CRAM-MD5'].map(authMethod => ({
      port: smtp.port,
      ignoreTLS: true,
      authMethod,
      auth: { user: 'ann', pass: 'secret' },
    })),
    {
      port: smtp.port,
      tls,
      auth: { type: 'OAuth2' as const, user: 'ann', accessToken: 'token' },
    },
  ]) {
    const transport = nodemailer.createTransport({ host: '127.0.0.1', ...options })
    const sent = await transport.sendMail({
      from: 'ann@example.com',
      to: 'bob@example.org, jürgen@bücher.example',
      subject: 'Grüße',
      text: '.dots\n..and more\n',
    })
    assert.match(sent.response, /^250 2\.0\.0 Ok: queued as \d+$/)
    transport.close()
  }
  const mails = [...(await smtp.mails()), ...(await smtps.mails())]
  assert.equal(mails.length, 7)
  for (const { raw, reception } of mails) {
    assert.ok(raw.endsWith('\r\n\r\n.dots\r\n..and more\r\n'), raw)
    assert.equal(reception.envelope.mailFrom, 'ann@example.com')
    assert.equal(reception.envelope.rcptTo.length, 2)
  }
  assert.equal(mails.filter(({ reception }) => reception.authUser === 'ann').length, 4)
  assert.equal(mails.filter(({ reception }) => reception.tls).length, 3)
})

test('nodemailer as it is distrusts our certificate: that is said once, and --no-starttls helps', async t => {
  const send = (port: number) =>
    nodemailer
      .createTransport({ host: '127.0.0.1', port })
      .sendMail({ from: 'a@example.com', to: 'b@example.com', text: 'x' })
  const smtp = await startSmtp(t)
  for (let time = 0; time < 2; time++) await assert.rejects(send(smtp.port), /certificate/)
  await smtp.close()
  const warnings = smtp.lines.filter(line => line.includes('--no-starttls'))
  assert.equal(warnings.length, 1, smtp.lines.join(''))
  const plain = await startSmtp(t, { startTls: false })
  assert.match((await send(plain.port)).response, /^250/)
})

test('nodemailer: a pool of connections, 100 messages', async t => {
  const smtp = await startSmtp(t)
  const transport = nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port: smtp.port,
    ignoreTLS: true,
  })
  const sends = Array.from({ length: 100 }, (_, index) =>
    transport.sendMail({
      from: 'a@example.com',
      to: 'b@example.com',
      subject: `${index}`,
      text: 'x',
    }),
  )
  await Promise.all(sends)
  transport.close()
  assert.equal(smtp.store.total, 100)
})

test('nodemailer: what is refused is an error with its code', async t => {
  const smtp = await startSmtp(t, {
    auth: { user: 'ann', password: 'secret' },
    maxMessageSize: 10_000,
  })
  const send = (auth: { user: string; pass: string } | undefined, body: string) =>
    nodemailer
      .createTransport({
        host: '127.0.0.1',
        port: smtp.port,
        ignoreTLS: true,
        ...(auth && { auth }),
      })
      .sendMail({ from: 'a@example.com', to: 'b@example.com', text: body })
  await assert.rejects(send(undefined, 'x'), { responseCode: 530 })
  await assert.rejects(send({ user: 'ann', pass: 'wrong' }, 'x'), { responseCode: 535 })
  const ann = { user: 'ann', pass: 'secret' }
  await assert.rejects(send(ann, 'x'.repeat(20_000)), { responseCode: 552 })
  await send(ann, 'x')
  assert.equal(smtp.store.total, 1)
})

const SMTPLIB = `
import smtplib, ssl, sys
port, smtps_port = int(sys.argv[1]), int(sys.argv[2])
message = sys.stdin.buffer.read()
context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE

def send(client):
    refused = client.sendmail('ann@example.com', ['bob@example.org', 'eve@example.org'], message)
    assert refused == {}, refused
    client.quit()

send(smtplib.SMTP('127.0.0.1', port))
client = smtplib.SMTP('localhost', port)
client.starttls(context=context)
client.login('ann', 'secret')
send(client)
send(smtplib.SMTP_SSL('127.0.0.1', smtps_port, context=context))
client = smtplib.SMTP('127.0.0.1', port)
client.ehlo()
for method in ['AUTH_CRAM_MD5', 'AUTH_PLAIN', 'AUTH_LOGIN']:
    client = smtplib.SMTP('127.0.0.1', port)
    client.ehlo()
    client.user, client.password = 'ann', 'secret'
    code, reply = client.auth(method[5:].replace('_', '-'), getattr(client, method.lower()))
    assert code == 235, reply
    send(client)
client = smtplib.SMTP('127.0.0.1', port)
client.ehlo()
client.sendmail('j\\u00fcrgen@b\\u00fccher.example', ['"a b"@example.org'], message, mail_options=['SMTPUTF8', 'BODY=8BITMIME'])
client.quit()
`

test('Python smtplib: login, STARTTLS, SMTP_SSL, SMTPUTF8', async t => {
  if (isMissing(t, 'python3', '-c', 'import smtplib, ssl')) return
  const smtp = await startSmtp(t, { auth: null })
  const smtps = await startSmtp(t, { implicitTls: true })
  await run('python3', ['-c', SMTPLIB, String(smtp.port), String(smtps.port)])
  const mails = await smtp.mails()
  assert.equal(mails.length, 6)
  assert.equal((await smtps.mails()).length, 1)
  for (const { raw } of mails) assert.equal(raw, MESSAGE)
  assert.deepEqual(
    mails.map(({ reception }) => reception.authUser),
    [undefined, 'ann', 'ann', 'ann', 'ann', undefined],
  )
  assert.ok(mails[1]?.reception.tls)
  assert.deepEqual(mails[5]?.reception.envelope, {
    mailFrom: 'jürgen@bücher.example',
    rcptTo: ['"a b"@example.org'],
  })
})

test('swaks: each login', async t => {
  if (isMissing(t, 'swaks', '--version')) return
  const smtp = await startSmtp(t)
  for (const mechanism of ['PLAIN', 'LOGIN']) {
    const told = await run('swaks', [
      ...['--server', '127.0.0.1', '--port', String(smtp.port), '--helo', 'client.example'],
      ...['--from', 'ann@example.com', '--to', 'bob@example.org,eve@example.org'],
      ...['--auth', mechanism, '--auth-user', 'ann', '--auth-password', 'secret', '--pipeline'],
    ])
    assert.match(told, /235 2\.7\.0/)
  }
  const mails = await smtp.mails()
  assert.equal(mails.length, 2)
  for (const { reception } of mails) {
    assert.equal(reception.authUser, 'ann')
    assert.equal(reception.helo, 'client.example')
    assert.deepEqual(reception.envelope.rcptTo, ['bob@example.org', 'eve@example.org'])
  }
})

test('curl: smtp and smtps, login, STARTTLS', async t => {
  if (isMissing(t, 'curl', '--version')) return
  const smtp = await startSmtp(t)
  const smtps = await startSmtp(t, { implicitTls: true })
  const envelope = ['--mail-from', 'ann@example.com', '--mail-rcpt', 'bob@example.org']
  const upload = ['--silent', '--show-error', '--insecure', '--upload-file', '-', ...envelope]
  await run('curl', [...upload, `smtp://localhost:${smtp.port}/client.example`])
  await run('curl', [
    ...upload,
    '--ssl-reqd',
    '--user',
    'ann:secret',
    `smtp://127.0.0.1:${smtp.port}`,
  ])
  await run('curl', [
    ...upload,
    '--oauth2-bearer',
    'token',
    '--user',
    'ann',
    `smtp://127.0.0.1:${smtp.port}`,
  ])
  await run('curl', [...upload, `smtps://127.0.0.1:${smtps.port}`])
  const mails = await smtp.mails()
  for (const { raw } of [...mails, ...(await smtps.mails())]) assert.equal(raw, MESSAGE)
  assert.deepEqual(
    mails.map(({ reception }) => reception.authUser),
    [undefined, 'ann', 'ann'],
  )
  assert.ok(mails[1]?.reception.tls)
})
