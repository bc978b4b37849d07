import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { Cli, makeHome, type Ready } from '../helpers/cli.ts'
import { runList, runShow, runWait } from '../helpers/commands.ts'
import { controls, type HostileMail, hostileMails, sendAll } from '../helpers/hostile-mails.ts'
import { controlsIn } from '../helpers/ways-out.ts'
import { Wire } from '../helpers/wire.ts'

/** Terminal escapes: what a mail or a peer says is shown by the command, and never obeyed by the terminal. */

const terminal = { isTTY: true, columns: 100 }
const password = 'the-password-of-a-peer'

/** `\r`, `\n` and NUL end a line of these protocols, or a field of theirs. */
const escapes = controls.replace(/[\r\n\0]/g, '')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** Sends lines, and waits until each was answered or the connection is over. */
async function say(port: number, ...lines: readonly string[]): Promise<void> {
  const wire = await Wire.open(port)
  await wire.line()
  for (const line of lines) {
    if ((await wire.ask(line)) === '') break
  }
  wire.destroy()
  await wire.over()
}

describe('hostile mails and peers at a terminal', () => {
  const mails: readonly HostileMail[] = hostileMails()
  const home = makeHome()
  let cli: Cli
  let ready: Ready
  let url: string
  before(async () => {
    const ports = ['--smtp-port', '0', '--pop3-port', '0', '--http-port', '0']
    cli = new Cli(['--memory', '--json', '--verbose', ...ports], { home: home.path })
    ready = await cli.ready()
    url = ready.url
    await sendAll(ready.ports.smtp, mails)
    const { smtp, pop3, imap } = ready.ports
    await say(smtp, `EHLO ${escapes}`, `MAIL FROM:<a${escapes}@b>`, `${escapes}`)
    await say(smtp, `HELO ${escapes}`, `AUTH PLAIN ${base64(`\0${controls}\0${password}`)}`)
    await say(smtp, `HELO x`, `AUTH LOGIN ${base64(controls)}`, base64(password))
    await say(smtp, 'HELO x', `VRFY ${escapes}`, 'MAIL FROM:<a@b>', `RCPT TO:<${escapes}>`, 'DATA')
    await say(pop3, `USER ${escapes}`, `PASS ${password}`, `${escapes}`, `APOP ${escapes} 0`)
    await say(pop3, `AUTH PLAIN ${base64(`\0${controls}\0${password}`)}`)
    await say(imap, `a LOGIN "${escapes}" ${password}`, `${escapes} NOOP`, `b ${escapes}`)
    await say(imap, `a ID ("name" "${escapes}")`, `b SELECT "${escapes}"`)
    await say(imap, `a ID ("name" {${Buffer.byteLength(controls)}}`, `${controls})`)
    await say(imap, `a AUTHENTICATE PLAIN ${base64(`\0${controls}\0${password}`)}`)
    for (const path of [`v1/messages/${encodeURIComponent(controls)}`, `v1/${controls}`]) {
      await (await fetch(new URL(path, url))).arrayBuffer()
    }
    // What it says of the last mail comes after all that it said of the others.
    const last = await fetch(`${url}v1/messages?mailFrom=${encodeURIComponent('\u202e')}@x`, {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: 'Subject: the last\r\n\r\n',
    })
    assert.equal(last.status, 201)
    await cli.says(/"subject":"the last".*\n/)
  })
  after(async () => {
    await cli.end()
    home.remove()
  })

  it('terminal escapes in the log: each event is one line, and says what it was', () => {
    assert.deepEqual(controlsIn(cli.stderr), [])
    const lines = cli.stderr.trimEnd().split('\n')
    for (const line of lines) {
      assert.match(line, /^(?:mail \d+: <|SMTP: |POP3: |IMAP: |warning: )/, line.slice(0, 200))
    }
    assert.equal(lines.filter(line => line.startsWith('mail ')).length, mails.length + 1)
    // The control: they were there, and stand in it as what they are.
    for (const escaped of ['\\x1b[2J', '\\x9b31m', '\\u{202e}', '\\u{2028}', '\\x07']) {
      assert.ok(cli.stderr.includes(escaped), `${escaped} is not in the log`)
    }
    assert.ok(lines.some(line => line.startsWith('IMAP: ') && line.includes('\\u{202e}')))
  })

  it('terminal escapes in the lines of --json: each is one object, and whole', () => {
    assert.deepEqual(controlsIn(cli.stdout), [])
    const events = cli.stdout
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line) as { type: string; subject?: string })
    assert.deepEqual([...new Set(events.map(({ type }) => type))], ['ready', 'mail'])
    assert.equal(events.length, mails.length + 2)
    // The control: read as JSON they are what the mail has.
    const read = events.map(event => JSON.stringify(event)).join('')
    for (const control of ['\u202e', '\u2028']) assert.ok(read.includes(control))
  })

  it('no password of a peer is in what it says', () => {
    const said = cli.stdout + cli.stderr
    assert.equal(said.includes(password), false)
    assert.equal(said.includes(base64(password)), false)
  })

  it('terminal escapes in `mailcatch list`: one row is one line', async () => {
    const { out } = await runList([], { url, limit: 100 }, terminal)
    assert.deepEqual(controlsIn(String(out)), [])
    assert.equal(String(out).trimEnd().split('\n').length, mails.length + 2)
    const json = await runList([], { url, limit: 100, json: true })
    assert.deepEqual(controlsIn(String(json.out)), [])
  })

  it('terminal escapes in `mailcatch show`: text, HTML and source are shown; to a pipe the source is whole', async () => {
    let shown = 0
    for (const [at, { name, raw }] of mails.entries()) {
      if (raw.length > 5_000) continue // these are large, and have nothing for a terminal
      const id = [`${at + 1}`]
      for (const form of [{}, { html: true }, { raw: true }, { json: true }]) {
        const said = await runShow(id, { url, ...form }, terminal).catch((error: Error) => error)
        if (said instanceof Error) {
          assert.match(said.message, /has no HTML|could not be parsed/, name)
          continue
        }
        // A tab in a text is one.
        assert.deepEqual(
          controlsIn(String(said.out)).filter(control => control !== 'U+0009'),
          [],
          `${name} ${JSON.stringify(form)}`,
        )
        shown++
        if (Object.keys(form).length > 0) continue
        const [head = ''] = String(said.out).split('\n\n')
        for (const line of head.split('\n')) assert.match(line, /^[A-Z][A-Za-z-]+: +\S/, name)
      }
      assert.ok((await runShow(id, { url, raw: true })).out.equals(raw), name)
    }
    assert.ok(shown > 60, `${shown}`)
  })

  it('terminal escapes in `mailcatch wait`: numbers, one code, one link, and each on one line', async () => {
    const told: string[] = []
    for (const name of [
      'controls everywhere',
      'script everywhere',
      'log-and-terminal-escapes.eml',
    ]) {
      const since = `${mails.findIndex(mail => mail.name === name)}`
      assert.notEqual(since, '-1')
      for (const wish of [{}, { code: true }, { link: true }]) {
        for (const output of [terminal, { isTTY: false, columns: 80 }]) {
          const options = { url, since, timeout: 1_000, ...wish }
          const said = await runWait([], options, output).catch((error: Error) => error.message)
          // What went wrong is told by the log, which escapes it.
          if (typeof said !== 'string') told.push(String(said.out))
        }
      }
    }
    for (const text of told) {
      assert.deepEqual(controlsIn(text), [])
      assert.match(text, /^[^\n]+\n$/)
    }
    assert.ok(told.includes('482913\n'), told.join())
  })
})

describe('what these tests see', () => {
  it('is each control character, and nothing else', () => {
    assert.deepEqual(controlsIn('Grüße, 日本 👩\u200d👩\n'), [])
    for (const control of controls.replaceAll(/[\n -~]/g, '')) {
      assert.equal(controlsIn(`a${control}b`).length, 1, JSON.stringify(control))
    }
  })
})
