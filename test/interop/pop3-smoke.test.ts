import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { type Mailcatch, startMailcatch } from '../../server/index.ts'
import { dataOf, Sender } from '../helpers/sender.ts'

const run = promisify(execFile)

const mail = (serial: number) => `Subject: ${serial}\r\n\r\n.\r\n..two dots\r\nline ${serial}\r\n`

async function send({ ports }: Mailcatch, serial: number, rcptTo: string): Promise<void> {
  const sender = await Sender.open(ports.smtp as number)
  await sender.send(dataOf(Buffer.from(mail(serial))), 'app@example.com', rcptTo)
  sender.close()
}

test('curl: message 1 is the oldest in the drop', async () => {
  await using mailcatch = await startMailcatch({ pop3sPort: 0 })
  await send(mailcatch, 1, 'ann@example.com')
  await send(mailcatch, 2, 'bob@example.com')
  const { pop3, pop3s } = mailcatch.ports
  const curl = async (...args: string[]) => (await run('curl', ['-sSk', ...args])).stdout
  assert.equal(await curl(`pop3://any:any@localhost:${pop3}/1`), mail(1))
  assert.equal(await curl(`pop3://any:any@localhost:${pop3}/2`), mail(2))
  assert.equal(await curl(`pop3://bob%40example.com:any@localhost:${pop3}/1`), mail(2))
  assert.equal(await curl('--ssl-reqd', `pop3://any:any@localhost:${pop3}/1`), mail(1))
  assert.equal(await curl(`pop3s://any:any@localhost:${pop3s}/1`), mail(1))
  for (const method of ['PLAIN', 'LOGIN', 'CRAM-MD5', '+APOP']) {
    const url = `pop3://any:any@localhost:${pop3}/1`
    assert.equal(await curl('--login-options', `AUTH=${method}`, url), mail(1), method)
  }
})

const POPLIB = `
import poplib, ssl, sys
port, secure = int(sys.argv[1]), int(sys.argv[2])
context = ssl._create_unverified_context()
def stls():
    box = poplib.POP3('127.0.0.1', port)
    box.stls(context)
    return box
for make in (
    lambda: poplib.POP3('127.0.0.1', port),
    stls,
    lambda: poplib.POP3_SSL('127.0.0.1', secure, context=context),
):
    box = make()
    box.user('any')
    box.pass_('any')
    count, size = box.stat()
    octets = 0
    for number in range(1, count + 1):
        _, lines, length = box.retr(number)
        wanted = ['Subject: %d' % number, '', '.', '..two dots', 'line %d' % number]
        assert [line.decode() for line in lines] == wanted, lines
        assert box.list(number) == b'+OK %d %d' % (number, length), (number, length)
        octets += length
    assert size == octets, (size, octets)
    assert len(box.uidl()[1]) == count
    box.quit()
box = poplib.POP3('127.0.0.1', port)
box.apop('any', 'any')
box.dele(1)
box.quit()
box = poplib.POP3('127.0.0.1', port)
box.utf8()
box.user('any')
box.pass_('any')
print(box.stat()[0])
box.quit()
`

test("Python's poplib: in the clear, by STLS, by TLS", async () => {
  await using mailcatch = await startMailcatch({ pop3sPort: 0 })
  for (const serial of [1, 2, 3]) await send(mailcatch, serial, 'ann@example.com')
  const { pop3, pop3s } = mailcatch.ports
  const { stdout } = await run('python3', ['-c', POPLIB, String(pop3), String(pop3s)])
  assert.equal(stdout, '2\n')
})
