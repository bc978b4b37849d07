import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createTransport } from 'nodemailer'
import { Cli, makeHome } from './helpers/cli.ts'
import { freePort } from './helpers/free-port.ts'
import { MAILCATCH, noTerminal, openTerminal } from './helpers/terminal.ts'

const home = makeHome()
const running: Cli[] = []
after(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ exited }) => exited))
  home.remove()
})

function start(args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}) {
  const cli = new Cli(args, { home: home.path, ...options })
  running.push(cli)
  return cli
}

const ANY_POP3 = ['--pop3-port', '0']
const ANY = ['--smtp-port', '0', ...ANY_POP3, '--http-port', '0']
const MEMORY = [...ANY, '--memory']

async function send(port: number, subject = 'Hello') {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true })
  await transport.sendMail({ from: 'app@a.test', to: 'ann@b.test', subject, text: 'Hi' })
  transport.close()
}

/** An SMTP client in slow motion: waits for a reply's last line after each command. */
async function smtpClient(port: number) {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let text = ''
  socket.on('data', chunk => {
    text += chunk
  })
  const reply = async (code: number) => {
    const pattern = new RegExp(`^${code} .*\r\n`, 'm')
    while (!pattern.test(text)) {
      if (socket.readableEnded) throw new Error(`no ${code} in: ${text}`)
      await Promise.race([once(socket, 'data'), once(socket, 'end')])
    }
    text = text.replace(pattern, '')
  }
  await reply(220)
  return {
    reply,
    say: async (line: string, code: number) => {
      socket.write(`${line}\r\n`)
      await reply(code)
    },
    end: () => socket.destroy(),
  }
}

test('--version and --help answer at once', async () => {
  const version = start(['--version'])
  assert.deepEqual(await version.exited, { code: 0, signal: null })
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/)
  const help = start(['--help'])
  assert.equal((await help.exited).code, 0)
  assert.match(help.stdout, /--smtp-port PORT/)
})

test('a slip in a flag: 2, and what was meant', async () => {
  const cli = start(['--json', '--smpt-port', '1'])
  assert.equal((await cli.exited).code, 2)
  assert.match(cli.stderr, /unknown option --smpt-port; did you mean --smtp-port\?/)
  assert.deepEqual(JSON.parse(cli.stdout), {
    type: 'error',
    code: 'MAILCATCH_USAGE',
    message: 'unknown option --smpt-port; did you mean --smtp-port?',
  })
})

test('--json: ready with the real ports, then each mail; SIGTERM ends it with 0', async () => {
  const cli = start([...MEMORY, '--json'])
  const { ports, url, data, pid } = await cli.ready()
  assert.equal(pid, cli.child.pid)
  assert.equal(data, null)
  assert.equal(url, `http://localhost:${ports.http}/`)
  await send(ports.smtp, 'Caf\u00e9')
  const [line] = await cli.says(/^\{"type":"mail".*\}$/m)
  const mail = JSON.parse(line)
  assert.equal(mail.subject, 'Caf\u00e9')
  assert.deepEqual(mail.envelope, { mailFrom: 'app@a.test', rcptTo: ['ann@b.test'] })
  assert.equal((await fetch(`${url}livez`)).status, 200)
  assert.deepEqual(await cli.end(), { code: 0, signal: null })
  for (const text of cli.stdout.trim().split('\n')) JSON.parse(text)
})

test('without a terminal: a line for each port, no colour, no keys', async () => {
  const cli = start(MEMORY)
  await cli.says(/^Store .*\n/m)
  assert.match(
    cli.stdout,
    /^mailcatch \S+ ready in \d+ ms\nInbox http:\/\/localhost:\d+\/\nSMTP localhost:\d+\nPOP3 localhost:\d+\nIMAP localhost:\d+\nStore memory only, newest 10,000, 256 MiB\n$/,
  )
  assert.deepEqual(await cli.end('SIGINT'), { code: 0, signal: null })
})

test('a settings file in the folder, a variable over it', async () => {
  const settings = { smtpPort: 0, pop3Port: 'off', httpPort: 'off', data: 'mail', json: true }
  writeFileSync(join(home.path, 'mailcatch.config.json'), JSON.stringify(settings))
  const cli = start([], { env: { MAILCATCH_SMTPS_PORT: '0', MAILCATCH_POP3S_PORT: '0' } })
  const ready = await cli.ready()
  assert.equal(ready.data, join(home.path, 'mail'))
  assert.equal(ready.ports.http, null)
  assert.equal(ready.ports.pop3, null)
  assert.ok(ready.ports.smtps)
  assert.ok(ready.ports.pop3s)
  await cli.end()
  writeFileSync(join(home.path, 'mailcatch.config.json'), '{}')
})

test('mail outlives the process', async () => {
  const first = start([...ANY, '--json', '--data', 'kept'])
  await send((await first.ready()).ports.smtp, 'Kept')
  await first.end()
  const second = start([...ANY, '--json', '--data', 'kept'])
  const response = await fetch(`${(await second.ready()).url}v1/messages`)
  const { messages } = (await response.json()) as { messages: { subject: string }[] }
  assert.deepEqual(
    messages.map(({ subject }) => subject),
    ['Kept'],
  )
  await second.end()
})

test('a data directory in use: 3, with the URL of who has it', async () => {
  const first = start([...ANY, '--json', '--data', 'shared'])
  const { url, pid } = await first.ready()
  const second = start([...ANY, '--json', '--data', 'shared'])
  assert.equal((await second.exited).code, 3)
  const { code, message } = JSON.parse(second.stdout)
  assert.equal(code, 'MAILCATCH_DATA_IN_USE')
  assert.ok(message.startsWith(`already running at ${url} (pid ${pid} since 2`), message)
  assert.match(message, /; --data DIR or --memory for a second one$/)
  await first.end()
})

test('a port in use by a stranger: 3, the port and the flag', async () => {
  const stranger = createServer().listen(0, '127.0.0.1')
  await once(stranger, 'listening')
  const { port } = stranger.address() as AddressInfo
  const cli = start(['--smtp-port', `${port}`, ...ANY_POP3, '--http-port', '0', '--memory'])
  assert.equal((await cli.exited).code, 3)
  assert.match(
    cli.stderr,
    new RegExp(`SMTP port ${port} is in use by another process; --smtp-port PORT takes another`),
  )
  stranger.close()
})

test('a port in use by a mailcatch: its URL', async () => {
  const first = start([...MEMORY, '--json'])
  const { ports, url } = await first.ready()
  const busy = ['--http-port', `${ports.http}`, ...ANY_POP3, '--memory']
  const web = start([...busy, '--smtp-port', '0'])
  const both = start([...busy, '--smtp-port', `${ports.smtp}`])
  await Promise.all([web.exited, both.exited])
  assert.ok(web.stderr.includes(`HTTP port ${ports.http} is held by a mailcatch, ${url};`))
  assert.ok(both.stderr.includes(`SMTP port ${ports.smtp} is held by a mailcatch, ${url};`))
  await first.end()
})

test('a second signal ends it at once', async () => {
  const cli = start([...MEMORY, '--json'])
  const { ports } = await cli.ready()
  const busy = await smtpClient(ports.smtp)
  await busy.say('EHLO client.test', 250)
  await busy.say('MAIL FROM:<a@b.test>', 250)
  await busy.say('RCPT TO:<c@d.test>', 250)
  await busy.say('DATA', 354)
  const idle = await smtpClient(ports.smtp)
  cli.child.kill('SIGINT')
  // The farewell says that the first signal has been heard, while the message under way holds the end up.
  await idle.reply(421)
  assert.deepEqual(await cli.end('SIGINT'), { code: 130, signal: null })
  busy.end()
  idle.end()
})

test('lives on when nobody reads its output any more', async () => {
  const cli = start([...MEMORY, '--json'])
  const { ports, url } = await cli.ready()
  cli.child.stdout?.destroy()
  await send(ports.smtp, 'one')
  await send(ports.smtp, 'two')
  assert.equal((await fetch(`${url}livez`)).status, 200)
  assert.deepEqual(await cli.end(), { code: 0, signal: null })
})

test('--quiet says nothing', async () => {
  const port = await freePort()
  const cli = start([
    ...['--smtp-port', `${port}`, '--pop3-port', 'off', '--http-port', 'off'],
    ...['--memory', '--quiet'],
  ])
  await untilOpen(port)
  await send(port)
  assert.deepEqual(await cli.end(), { code: 0, signal: null })
  assert.equal(cli.stdout + cli.stderr, '')
})

async function untilOpen(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    )
    socket.destroy()
    if (isOpen) return
    await setTimeout(20)
  }
}

/** Runs a shell command line on a terminal of its own; `$MAILCATCH` there is the command with all it needs. */
const onTerminal = (line: string) =>
  openTerminal(line, home.path, {
    MAILCATCH_IMAP_PORT: '0',
    MAILCATCH: [MAILCATCH, ...MEMORY].join(' '),
  })

test('on a terminal: the banner, and keys that work', { skip: noTerminal }, async () => {
  const { press, shows, exited } = onTerminal('exec $MAILCATCH')
  await shows(/\x1b\[1mmailcatch\x1b\[0m/)
  const [, smtpPort] = await shows(/SMTP .*localhost:(\d+)/)
  await shows(/press .*o open, c c clear, h help, q quit/)
  await send(Number(smtpPort))
  press('h')
  await shows(/every option: mailcatch --help/)
  press('c')
  await shows(/press c again to delete 1 message\r\n/)
  press('c')
  await shows(/deleted 1 message\r\n/)
  press('q')
  assert.equal(await exited, 0)
})

test('Ctrl-C on a terminal ends it with 0', { skip: noTerminal }, async () => {
  const { press, shows, exited } = onTerminal('exec $MAILCATCH')
  await shows(/q quit/)
  press('\x03')
  assert.equal(await exited, 0)
})

test('in the background of a terminal it is not stopped', { skip: noTerminal }, async () => {
  // With job control (-m) the command is in a process group that does not own the terminal.
  const { screen, shows, exited } = onTerminal(`exec sh -mc '$MAILCATCH & echo pid $!; wait $!'`)
  const [, pid] = await shows(/pid (\d+)/)
  try {
    const [, url] = await shows(/Inbox .*?(http:[^\s\x1b]+)/)
    await shows(/Store .*\r\n/)
    // It offers no keys, since it cannot hear them; and to reach for them would have stopped it.
    const answer = await fetch(`${url}v1/stats`, { signal: AbortSignal.timeout(10_000) })
    assert.equal(answer.status, 200)
    process.kill(Number(pid), 'SIGTERM')
    assert.equal(await exited, 0)
    assert.doesNotMatch(screen(), /q quit/)
  } catch (error) {
    process.kill(Number(pid), 'SIGKILL')
    throw error
  }
})
