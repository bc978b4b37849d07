import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSmtp } from '../helpers/smtp.ts'
import { falseEnds, smuggled, unstuffed } from '../helpers/smuggled.ts'
import { Wire } from '../helpers/wire.ts'

for (const segments of ['in one segment', 'octet by octet'] as const) {
  test(`only CRLF.CRLF ends DATA, ${segments}`, async t => {
    const smtp = await startSmtp(t)
    for (const [index, end] of falseEnds.entries()) {
      const wire = await Wire.open(smtp.port)
      await wire.reply()
      await wire.ask('HELO client.example')
      await wire.ask('MAIL FROM:<a@example.com>')
      await wire.ask('RCPT TO:<b@example.com>')
      await wire.ask('DATA')
      const data = smuggled(end)
      if (segments === 'in one segment') wire.write(data)
      else for (const octet of Buffer.from(data)) await wire.writeAll(Uint8Array.of(octet))
      assert.equal(await wire.reply(), `250 2.0.0 Ok: queued as ${index + 1}`, JSON.stringify(end))
      assert.match(await wire.ask('NOOP'), /^250 /)
      wire.destroy()
    }
    const mails = await smtp.mails()
    assert.equal(mails.length, falseEnds.length)
    for (const [index, { raw, reception }] of mails.entries()) {
      const end = falseEnds[index] ?? ''
      assert.equal(reception.envelope.mailFrom, 'a@example.com')
      assert.ok(raw.includes('MAIL FROM:<evil@example.com>'), JSON.stringify(end))
      assert.equal(raw, unstuffed(smuggled(end)), JSON.stringify(end))
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
  wire.write(smuggled('\r\n.\r\n'))
  const replies: string[] = []
  for (let count = 0; count < 5; count++) replies.push((await wire.reply()).slice(0, 3))
  assert.deepEqual(replies, ['250', '250', '250', '354', '250'])
  assert.deepEqual(
    (await smtp.mails()).map(({ reception }) => reception.envelope.mailFrom),
    ['a@example.com', 'evil@example.com'],
  )
  wire.destroy()
})
