import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { after, before, describe, it } from 'node:test'
import { type Mailcatch, startMailcatch } from '../../server/mailcatch.ts'
import { makeFolder, runExport } from '../helpers/commands.ts'
import { Pop3Client } from '../helpers/pop3.ts'
import { Wire } from '../helpers/wire.ts'

/** Header injection by CR in an address, and by whatever else might end a line of a header. */

/** What ends a line somewhere: in SMTP, in C, in Unicode, in an editor. */
const lineEnds = ['\r\n', '\r', '\n', '\0', '\r\n\r\n', '\r\n.\r\n', '\u000b', '\u0085', '\u2028']
/** Of these the ones that are no characters of a line in JSON that becomes a header. */
const refused = ['\r\n', '\r', '\n', '\0', '\r\n\r\n']
const field = 'X-Evil: injected'

/** The fields that nobody has sent; a bare CR or LF is taken for the end of a line, as by readers that are too kind. */
const injected = (text: string): string[] =>
  text.split(/[\r\n]/).filter(line => /^x-evil/i.test(line))
const encodedWord = (text: string): string => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`

describe('header injection by CR in an address', () => {
  const folder = makeFolder()
  let mailcatch: Mailcatch
  let url: string
  before(async () => {
    mailcatch = await startMailcatch({ data: folder.in('data') })
    url = mailcatch.url ?? ''
  })
  after(async () => {
    await mailcatch.close()
    folder.remove()
  })

  const post = async (path: string, type: string, body: string) => {
    const response = await fetch(`${url}v1/messages${path}`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    })
    return { status: response.status, answer: await response.text() }
  }
  const get = async (path: string): Promise<string> => (await fetch(`${url}v1/${path}`)).text()
  const total = async () => (JSON.parse(await get('stats')) as { total: number }).total

  it('in MAIL FROM, RCPT TO, EHLO and AUTH of SMTP: refused, or text within its line', async () => {
    for (const end of lineEnds) {
      for (const at of ['EHLO', 'MAIL', 'RCPT', 'AUTH'] as const) {
        const evil = (where: typeof at, text: string) =>
          at === where ? text.replace('@', `${end}${field}@`) : text
        const wire = await Wire.open(mailcatch.ports.smtp ?? 0)
        await wire.reply()
        for (const command of [
          `EHLO ${evil('EHLO', 'c@lient')}`,
          `AUTH PLAIN ${Buffer.from(`\0${evil('AUTH', 'u@x')}\0p`).toString('base64')}`,
          `MAIL FROM:<${evil('MAIL', 'app@example.com')}>`,
          `RCPT TO:<${evil('RCPT', 'ann@example.com')}>`,
          'RCPT TO:<bob@example.com>',
          'DATA',
          'Subject: by SMTP\r\n\r\nx\r\n.',
          'QUIT',
        ]) {
          await wire.ask(command)
        }
        await wire.over()
      }
    }
    // So that it is not blind: where only a greeting, a login or one recipient was refused, the mail came.
    assert.ok((await total()) > 2 * lineEnds.length, `${await total()}`)
  })

  it('in the parameters mailFrom= and rcpt= of HTTP: refused', async () => {
    const before = await total()
    for (const end of lineEnds) {
      for (const name of ['mailFrom', 'rcpt']) {
        const query = `?${name}=${encodeURIComponent(`a@example.com${end}${field}`)}`
        const { status, answer } = await post(query, 'message/rfc822', 'Subject: x\r\n\r\n')
        assert.equal(status, 400, `${name}, ${JSON.stringify(end)}`)
        assert.equal((JSON.parse(answer) as { parameter: string }).parameter.split('.')[0], name)
      }
    }
    assert.equal(await total(), before)
  })

  it('in each field of a message that is made: refused, or encoded', async () => {
    const from = 'app@example.com'
    const base = { from, to: 'ann@example.com' }
    const fields = (text: string): Record<string, unknown>[] => [
      ...['from', 'to', 'cc', 'bcc', 'replyTo', 'subject'].map(name => ({ [name]: text })),
      ...['from', 'to', 'cc', 'replyTo'].flatMap(name => [
        { [name]: { name: text, address: from } },
        { [name]: `"${text}" <${from}>` },
        { [name]: { address: `"${text}"@example.com` } },
      ]),
      { headers: { 'X-Own': text } },
      { headers: { 'Message-ID': text, References: text, 'List-Unsubscribe': text } },
      { attachments: [{ filename: text, content: '' }] },
      { attachments: [{ filename: 'x', content: '', cid: text }] },
      { attachments: [{ filename: 'x', content: '', contentType: `text/plain; a="${text}"` }] },
    ]
    const made: string[] = []
    for (const end of [...lineEnds, encodedWord(`\r\n${field}\r\n`)]) {
      for (const body of fields(`a${end}${field}`)) {
        const message = JSON.stringify({ ...base, ...body })
        const { status, answer } = await post('', 'application/json', message)
        if (refused.includes(end)) assert.equal(status, 400, message)
        assert.ok(status === 201 || status === 400, `${message}: ${answer}`)
        if (status === 201) made.push(`${(JSON.parse(answer) as { id: number }).id} ${message}`)
      }
    }
    assert.ok(made.length > 50, `${made.length}`)
    for (const each of made) {
      const raw = await get(`messages/${Number.parseInt(each, 10)}/raw`)
      assert.deepEqual(injected(raw), [], `${each}\n${raw}`)
      const [head = ''] = raw.split('\r\n\r\n')
      for (const line of head.split('\r\n'))
        assert.match(line, /^(?:[!-9;-~]+: ?|[ \t])[^\r\n\0]*$/)
    }
  })

  it('in the header of a mail that names its own envelope: nothing of it becomes a field of ours', async () => {
    for (const end of [...lineEnds, '\r\n ']) {
      const address = `<a${end === '\r\n' ? '\r\n\t' : end}${field}@example.com>`
      const word = encodedWord(`a${end}${field}`)
      const raw = `From: ${word} ${address}\r\nTo: "${word}" ${address}, ${word}@example.com\r\nSubject: ${word}\r\n\r\nx\r\n`
      assert.equal((await post('', 'message/rfc822', raw)).status, 201)
    }
  })

  it('in Return-Path, Delivered-To and Received: one line each', async () => {
    for (let id = 1; id <= (await total()); id++) {
      const raw = await get(`messages/${id}/raw`)
      const delivered = await get(`messages/${id}/raw?as=delivered`)
      assert.ok(delivered.endsWith(raw), `${id}`)
      const front = delivered.slice(0, delivered.length - raw.length)
      assert.deepEqual(injected(front), [], front)
      assert.match(
        front,
        /^Return-Path: <[^\r\n]*>\r\n(?:Delivered-To: [^\r\n]*\r\n)*Received: from [^\r\n]*\r\n\tby localhost[^\r\n]*\r\n\t[^\r\n]*\r\n$/,
      )
      assert.deepEqual(front.match(/[\0\v\f\u0085\u2028]/g), null, JSON.stringify(front))
    }
  })

  it('in From_ lines of an mbox: one for each message, with an address that is one word', async () => {
    const mbox = folder.in('all.mbox')
    const body =
      'Subject: bait\r\n\r\nFrom evil@example.com Thu Jan  1 00:00:00 1970\r\n>From x\r\n'
    await post('?mailFrom=ann@example.com', 'message/rfc822', body)
    const { result } = await runExport([], { url, mbox })
    const text = readFileSync(mbox, 'utf8')
    const lines = text.match(/^From .*/gm) ?? []
    assert.equal(lines.length, await total())
    assert.equal(result.exported, lines.length)
    for (const line of lines) {
      assert.match(line, /^From [!-~]+ \w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} octets=\d+$/)
    }
    assert.match(text, /^>From evil@example\.com/m)
  })

  it('in the file of a message: line 1 is ours, and all behind it was sent', async () => {
    const names = readdirSync(folder.in('data', 'raw', '000000')).filter(name =>
      /^\d+\.eml$/.test(name),
    )
    assert.equal(names.length, await total())
    for (const name of names) {
      const text = readFileSync(folder.in('data', 'raw', '000000', name), 'latin1')
      const [head = ''] = text.split('\n', 1)
      assert.match(head, /^X-Mailcatch: \{[ -~]+\}\r?$/)
      JSON.parse(head.slice('X-Mailcatch: '.length))
    }
  })

  it('in what POP3 and IMAP serve of a message that was made', async () => {
    const { status, answer } = await post(
      '?rcpt=ann@example.com',
      'application/json',
      JSON.stringify({ from: { name: encodedWord(`a\r\n${field}`), address: 'a@example.com' } }),
    )
    assert.equal(status, 201, answer)
    const number = await total()
    const client = await Pop3Client.login(mailcatch.ports.pop3 ?? 0)
    for (const command of [`RETR ${number}`, `TOP ${number} 0`]) {
      assert.deepEqual(injected(await client.fetch(command)), [], command)
    }
    client.destroy()
    const wire = await Wire.open(mailcatch.ports.imap ?? 0)
    const lines: (string | null)[] = [await wire.line()]
    wire.write(
      `a LOGIN ann x\r\nb EXAMINE INBOX\r\nc FETCH ${number} (ENVELOPE BODY.PEEK[HEADER])\r\n`,
    )
    while (!lines.at(-1)?.startsWith('c ')) lines.push(await wire.line())
    assert.deepEqual(injected(lines.join('\n')), [])
    assert.match(lines.join('\n'), /ENVELOPE \(.*=\?utf-8\?B\?/)
    wire.destroy()
  })
})

describe('what these tests see', () => {
  it('is a field that a naive program would write', () => {
    for (const end of ['\r\n', '\n', '\r\n\r\n', '\r']) {
      const naive = `From: <a${end}${field}@example.com>\r\nSubject: x\r\n\r\n`
      assert.equal(injected(naive).length, 1, JSON.stringify(end))
    }
    assert.deepEqual(injected(`Subject: ${field}\r\n ${field}\r\n`), [])
  })
})
