import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { after, before, describe, it } from 'node:test'
import nodemailer from 'nodemailer'
import { makeCertificates } from '../helpers/certificates.ts'
import { Cli, makeHome, type Ready } from '../helpers/cli.ts'
import { Wire } from '../helpers/wire.ts'

/** The flags of the command that the README recommends, with files that are there and ports that are free. */
const flagsOf = (certificate: string): string[] => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const [, command = ''] =
    /<!-- team -->\n```sh\nnpx mailcatch ([^`]+)```/.exec(readme) ??
    assert.fail('the README has no such command')
  return command
    .replaceAll('\\\n', ' ')
    .replaceAll(/-port \d+/g, '-port 0')
    .replaceAll(/mail\.example\.com\.(?:crt|key)/g, certificate)
    .trim()
    .split(/\s+/)
}

describe('the way that the README recommends to a team', () => {
  const home = makeHome()
  let cli: Cli
  let ports: Ready['ports']
  let removeCertificates: () => void
  before(async () => {
    const certificates = await makeCertificates()
    removeCertificates = () => certificates.remove()
    const flags = flagsOf(certificates.server)
    cli = new Cli(['--json', '--smtp-port=0', ...flags], { home: home.path })
    ports = (await cli.ready()).ports
  })
  after(async () => {
    await cli.end()
    removeCertificates()
    home.remove()
  })

  const ask = async (headers: Record<string, string>, path = '/v1/messages') => {
    const where = { host: '127.0.0.1', port: ports.https ?? 0, path, agent: false }
    const asked = request({ ...where, headers, rejectUnauthorized: false }).end()
    const [answer] = (await once(asked, 'response')) as [IncomingMessage]
    answer.resume()
    return answer.statusCode
  }
  const login = { authorization: `Basic ${btoa('team:a-long-password')}` }

  it('opens no port that takes the login without TLS, but SMTP, which has STARTTLS', async () => {
    const { smtp, https, imaps, pop3s, ...others } = ports
    assert.ok([smtp, https, imaps, pop3s].every(port => port !== null))
    assert.deepEqual(others, { smtps: null, pop3: null, imap: null, http: null })
    const wire = await Wire.open(smtp)
    await wire.reply()
    assert.match(await wire.ask('EHLO app.example'), /250[- ]STARTTLS/)
    wire.destroy()
  })

  it('lets in by the name that was told, with the login, and in no other way', async () => {
    assert.equal(await ask({ host: 'mail.example.com', ...login }), 200)
    assert.equal(await ask({ host: 'mail.example.com' }), 401)
    assert.equal(
      await ask({ host: 'mail.example.com', authorization: `Basic ${btoa('team:guess')}` }),
      401,
    )
    assert.equal(await ask({ host: 'rebound.example.com', ...login }), 421)
    assert.equal(
      await ask({ host: 'mail.example.com', origin: 'https://elsewhere.example', ...login }),
      403,
    )
  })

  it('takes mail from an app that logs in, and from nobody else', async () => {
    const send = (auth?: { user: string; pass: string }) => {
      const transport = nodemailer.createTransport({
        ...{ host: '127.0.0.1', port: ports.smtp, requireTLS: true },
        tls: { rejectUnauthorized: false },
        ...(auth && { auth }),
      })
      return transport
        .sendMail({ from: 'app@example.com', to: 'ann@example.com', text: 'Hello' })
        .finally(() => transport.close())
    }
    await send({ user: 'team', pass: 'a-long-password' })
    await assert.rejects(send(), /530/)
    await assert.rejects(send({ user: 'team', pass: 'guess' }), /535/)
  })

  it('shows mail clients nothing without the login', async () => {
    for (const [port, right, wrong, yes, no] of [
      [ports.imaps, 'a LOGIN team a-long-password', 'a LOGIN team guess', /^a OK/m, /^a NO/m],
      [ports.pop3s, 'USER team\r\nPASS a-long-password', 'USER team\r\nPASS guess', /OK/, /-ERR/],
    ] as const) {
      for (const [command, wanted] of [
        [right, yes],
        [wrong, no],
      ] as const) {
        const wire = await Wire.openTls(port ?? 0)
        await wire.line()
        wire.write(`${command}\r\n`)
        const lines: string[] = []
        while (lines.length < command.split('\r\n').length) {
          const line = await wire.line()
          if (line === null) break
          if (!line.startsWith('* ')) lines.push(line)
        }
        assert.match(lines.at(-1) ?? 'nothing', wanted, command)
        wire.destroy()
      }
    }
  })
})
