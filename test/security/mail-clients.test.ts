import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type Mailcatch, startMailcatch } from '../../server/mailcatch.ts'
import { readFetchResponse } from '../helpers/fetched.ts'
import { type HostileMail, hostileMails, sendAll } from '../helpers/hostile-mails.ts'
import { Pop3Client } from '../helpers/pop3.ts'

/** Response injection: no octet of a mail is a response, or the end of one, for a client of IMAP or POP3. */

/** What the mail protocols serve (RFC 5322 §2.1), one character an octet. */
const canonical = (raw: Buffer): string => raw.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n')

/** A client of IMAP that cuts its answers by its tags alone, which no mail can know. */
class ImapClient {
  readonly #client: Pop3Client
  readonly #session = crypto.randomUUID().replaceAll('-', '')
  #commands = 0

  private constructor(client: Pop3Client) {
    this.#client = client
  }

  static async login(port: number): Promise<ImapClient> {
    const client = new ImapClient(await Pop3Client.open(port, /^\* OK /))
    await client.ask('LOGIN ann any')
    return client
  }

  /** Every octet before the tagged response, which must be OK. */
  async ask(command: string): Promise<Buffer> {
    const commandTag = `${this.#session}${++this.#commands}`
    const octets = await this.#client.until(`${commandTag} ${command}\r\n`, `${commandTag} `)
    const answer = await this.#client.line()
    assert.match(answer, /^OK /, `${command}: ${answer}`)
    return Buffer.from(octets, 'latin1')
  }

  close(): void {
    this.#client.destroy()
  }
}

/** What goes wrong when a client of POP3 reads that message. */
async function pop3Faults(client: Pop3Client, number: number, text: string): Promise<string[]> {
  const faults: string[] = []
  for (const [command, expected] of [
    [`RETR ${number}`, text],
    [`TOP ${number} 3`, topOf(text, 3)],
    [`TOP ${number} 0`, topOf(text, 0)],
  ] as const) {
    if ((await client.fetch(command)) !== expected) faults.push(`${command} is cut or changed`)
    const answer = await client.ask('NOOP')
    if (!/^\+OK[^.]*$/.test(answer) || client.hasMore)
      faults.push(`${command} has ${answer} behind it`)
    if (faults.length > 0) return faults
  }
  return faults
}

/** The header, the empty line, and so many lines (RFC 1939 §7). */
function topOf(text: string, lines: number): string {
  const end = text.startsWith('\r\n') ? 2 : text.indexOf('\r\n\r\n') + 4
  if (end === 3) return text
  const body = text.slice(end).match(/[^\n]*\n/g) ?? []
  return text.slice(0, end) + body.slice(0, lines).join('')
}

describe('hostile mails in mail clients', () => {
  const mails: readonly HostileMail[] = hostileMails()
  let mailcatch: Mailcatch
  before(async () => {
    mailcatch = await startMailcatch({ maxMessageSize: 10_000_000 })
    await sendAll(mailcatch.ports.smtp ?? 0, mails)
  })
  after(() => mailcatch.close())

  it('response injection by IMAP: every FETCH is one response, and its octets are those sent', async () => {
    const client = await ImapClient.login(mailcatch.ports.imap ?? 0)
    const selected = String(await client.ask('EXAMINE INBOX'))
    assert.match(selected, new RegExp(`^\\* ${mails.length} EXISTS\\r$`, 'm'))
    for (const [at, { name, raw }] of mails.entries()) {
      const sequenceNumber = at + 1
      const fetch = async (items: string) => {
        const octets = await client.ask(`FETCH ${sequenceNumber} (${items})`)
        try {
          return readFetchResponse(octets, { sequenceNumber })
        } catch (error) {
          throw new Error(`${name}: ${(error as Error).message}`)
        }
      }
      const whole = await fetch(
        'UID FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT] BODY.PEEK[HEADER.FIELDS (SUBJECT FROM X-EVIL)] PREVIEW',
      )
      // A literal has no NUL (RFC 9051 §9, CHAR8); it is served as Dovecot does.
      const text = canonical(raw).replaceAll('\0', '\x80')
      const octetsOf = (item: string) => String((whole.get(item) as Buffer).toString('latin1'))
      assert.equal(whole.size, 9, name)
      assert.ok(octetsOf('BODY[]') === text, `BODY[] of ${name}`)
      assert.ok(
        octetsOf('BODY[HEADER]') + octetsOf('BODY[TEXT]') === text,
        `BODY[HEADER] of ${name}`,
      )
      for (const [part, size] of leavesOf(whole.get('BODYSTRUCTURE')).slice(0, 6)) {
        const sections = await fetch(`BODY.PEEK[${part}] BODY.PEEK[${part}.MIME]`)
        const body = sections.get(`BODY[${part}]`) as Buffer
        assert.equal(body.length, size, `${name}, ${part}`)
        assert.ok(text.includes(body.toString('latin1')), `${name}, ${part}`)
      }
    }
    // The whole mailbox at once, and what searches find in it: numbers alone.
    const all = String(await client.ask('FETCH 1:* (UID)'))
    assert.match(all, /^(?:\* \d+ FETCH \(UID \d+\)\r\n)+$/)
    for (const key of ['SUBJECT "script"', 'FROM "X-Evil"', 'BODY "EXISTS"', 'HEADER X-EVIL ""']) {
      assert.match(String(await client.ask(`SEARCH ${key}`)), /^\* SEARCH[ \d]*\r\n$/, key)
    }
    client.close()
  })

  it('response injection by IMAP: a mailbox name is a name wherever it is told', async () => {
    const client = await ImapClient.login(mailcatch.ports.imap ?? 0)
    const names = ['"a\\"b\\\\c) OK done"', '"* 9 EXISTS"', '"<script>"']
    for (const name of names) {
      await client.ask(`CREATE ${name}`)
      const status = String(await client.ask(`STATUS ${name} (MESSAGES)`))
      assert.match(
        status,
        /^\* STATUS (?:"(?:[^"\\\r\n]|\\["\\])*"|[!#-'*-[\]-~]+) \(MESSAGES 0\)\r\n$/,
      )
    }
    // What turns or ends a line is no part of a name.
    const answer = client.ask('CREATE "&IC4-evil&ICg-"')
    await assert.rejects(answer, /NO \[CANNOT\] mailbox name has control characters/)
    const list = String(await client.ask('LIST "" "*"'))
    const line = /^\* LIST \([\\A-Za-z ]*\) "." (?:"(?:[ -!#-[\]-~]|\\["\\])*"|[!#-'+-[\]-~]+)$/
    const lines = list.trimEnd().split('\r\n')
    for (const text of lines) assert.match(text, line)
    assert.equal(lines.length, 6 + names.length)
    client.close()
  })

  it('response injection by POP3: no line of a mail ends an answer, and its dots come back', async () => {
    const client = await Pop3Client.login(mailcatch.ports.pop3 ?? 0)
    for (const [at, { name, raw }] of mails.entries()) {
      assert.deepEqual(await pop3Faults(client, at + 1, canonical(raw)), [], name)
    }
    client.destroy()
  })
})

describe('what these tests see', () => {
  it('is a header that became a response of IMAP', () => {
    const envelope = (subject: string) =>
      Buffer.from(`* 1 FETCH (ENVELOPE (NIL ${subject} NIL NIL NIL NIL NIL NIL NIL NIL))\r\n`)
    assert.equal(readFetchResponse(envelope('"harmless"')).size, 1)
    for (const subject of [
      '"a\r\n* 2 EXISTS"',
      '"a" b"',
      '{1}\r\nab',
      '"a")\r\nx OK done\r\n*',
      '\u202e',
    ]) {
      assert.throws(() => readFetchResponse(envelope(subject)), SyntaxError, subject)
    }
  })

  it('is a message whose dots were not stuffed', async t => {
    const text = 'Subject: x\r\n\r\n.\r\n+OK\r\n..\r\n'
    const naive = createServer(socket => {
      socket.on('error', () => {}) // the client leaves in the middle of it
      socket.write('+OK ready\r\n')
      socket.on('data', data => {
        const asksForMail = /^(?:RETR|TOP)/.test(String(data))
        socket.write(asksForMail ? `+OK\r\n${text}.\r\n` : '+OK\r\n')
      })
    }).listen(0, '127.0.0.1')
    await once(naive, 'listening')
    t.after(() => naive.close())
    const client = await Pop3Client.login((naive.address() as AddressInfo).port)
    assert.match((await pop3Faults(client, 1, text)).join(), /RETR 1 is cut or changed/)
    client.destroy()
  })
})

/** The numbers of the leaves of a BODYSTRUCTURE with their octets (RFC 9051 §7.5.2). */
function leavesOf(structure: unknown, number = ''): [part: string, size: number][] {
  const list = structure as readonly unknown[]
  if (!Array.isArray(list[0])) return [[number || '1', Number(list[6])]]
  const parts = list.slice(
    0,
    list.findIndex(value => !Array.isArray(value)),
  )
  return parts.flatMap((part, at) => leavesOf(part, `${number}${number && '.'}${at + 1}`))
}
