import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSmtp } from '../helpers/smtp.ts'
import { Wire } from '../helpers/wire.ts'

/** What ends a message for one server or another, and so hides a second one in the first (CVE-2023-51764 and on). */
const ENDS = [
  '\n.\n',
  '\n.\r\n',
  '\r\n.\n',
  '\r.\r',
  '\r\n.\r',
  '\r.\r\n',
  '\n.\r',
  '\r.\n',
  '\r\n\0.\r\n',
  '\r\n.\0\r\n',
  '\r\n.\r\0\n',
  '\r\r\n.\r\r\n',
]

const hidden = (end: string) =>
  `Subject: outer\r\n\r\nfirst${end}MAIL FROM:<evil@example.com>\r\nRCPT TO:<b@example.com>\r\nDATA\r\n` +
  'Subject: inner\r\n\r\nsecond\r\n.\r\n'

/**
 * The message in the lines of DATA: smtp-server leaves out one of two dots that begin a line (RFC 5321 §4.5.2), but, in
 * deviation from it, keeps a dot that is not doubled, and takes a bare LF for a line end here.
 */
const unstuffed = (data: string) => data.slice(0, -3).replaceAll('\n..', '\n.')

for (const segments of ['in one segment', 'octet by octet'] as const) {
  test(`only CRLF.CRLF ends DATA, ${segments}`, async t => {
    const smtp = await startSmtp(t)
    for (const [index, end] of ENDS.entries()) {
      const wire = await Wire.open(smtp.port)
      await wire.reply()
      await wire.ask('HELO client.example')
      await wire.ask('MAIL FROM:<a@example.com>')
      await wire.ask('RCPT TO:<b@example.com>')
      await wire.ask('DATA')
      const data = hidden(end)
      if (segments === 'in one segment') wire.write(data)
      else for (const octet of Buffer.from(data)) await wire.writeAll(Uint8Array.of(octet))
      assert.equal(await wire.reply(), `250 2.0.0 Ok: queued as ${index + 1}`, JSON.stringify(end))
      assert.match(await wire.ask('NOOP'), /^250 /)
      wire.destroy()
    }
    const mails = await smtp.mails()
    assert.equal(mails.length, ENDS.length)
    for (const [index, { raw, reception }] of mails.entries()) {
      const end = ENDS[index] ?? ''
      assert.equal(reception.envelope.mailFrom, 'a@example.com')
      assert.ok(raw.includes('MAIL FROM:<evil@example.com>'), JSON.stringify(end))
      assert.equal(raw, unstuffed(hidden(end)), JSON.stringify(end))
    }
  })
}

test('control: what is hidden behind a real end is a message of its own', async t => {
  const smtp = await startSmtp(t)
  const wire = await Wire.open(smtp.port)
  await wire.reply()
  for (const command of ['HELO client.example', 'MAIL FROM:<a@example.com>'])
    await wire.ask(command)
  for (const command of ['RCPT TO:<b@example.com>', 'DATA']) await wire.ask(command)
  wire.write(hidden('\r\n.\r\n'))
  const replies: string[] = []
  for (let count = 0; count < 5; count++) replies.push((await wire.reply()).slice(0, 3))
  assert.deepEqual(replies, ['250', '250', '250', '354', '250'])
  assert.deepEqual(
    (await smtp.mails()).map(({ reception }) => reception.envelope.mailFrom),
    ['a@example.com', 'evil@example.com'],
  )
  wire.destroy()
})
