import assert from 'node:assert/strict'
import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { dataOf, Sender } from './sender.ts'
import { Wire } from './wire.ts'

/** Where a running Mailcatch is. */
export type Address = {
  readonly url: string
  readonly ports: {
    readonly smtp: number
    readonly pop3: number | null
    readonly imap: number | null
  }
  /** As in `--auth`, where it was started so. */
  readonly login?: { readonly user: string; readonly password: string }
}

/** The answer to a GET on a connection of its own, which is gone with it: nothing of ours stays open there. */
export async function getText({ url, login }: Address, path: string): Promise<string> {
  const asked = get(`${url}${path}`, {
    agent: false,
    timeout: 10_000,
    ...(login && { auth: `${login.user}:${login.password}` }),
  })
  asked.on('timeout', () => asked.destroy(new Error(`no answer to ${path}`)))
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  assert.equal(response.statusCode, 200, path)
  return text(response)
}

const readByHttp = async (address: Address, recipient: string): Promise<string> => {
  const list = await getText(address, `v1/messages?rcpt=${encodeURIComponent(recipient)}`)
  const { messages } = JSON.parse(list) as { messages: readonly { id: number }[] }
  return getText(address, `v1/messages/${messages[0]?.id}/raw`)
}

const readByPop3 = async (port: number, user: string, password: string): Promise<string> => {
  const wire = await Wire.open(port)
  await wire.line()
  for (const command of [`USER ${user}`, `PASS ${password}`, 'RETR 1']) {
    wire.write(`${command}\r\n`)
    assert.match((await wire.line()) ?? 'nothing', /^\+OK/, command)
  }
  const lines: string[] = []
  for (;;) {
    const line = await wire.line()
    if (line === null || line === '.') break
    lines.push(line)
  }
  wire.write('QUIT\r\n')
  await wire.over()
  wire.destroy()
  return lines.join('\n')
}

const readByImap = async (port: number, user: string, password: string): Promise<string> => {
  const wire = await Wire.open(port)
  await wire.line()
  const lines: string[] = []
  for (const command of [
    `LOGIN "${user}" "${password}"`,
    'SELECT INBOX',
    'FETCH * BODY[]',
    'LOGOUT',
  ]) {
    wire.write(`a ${command}\r\n`)
    for (;;) {
      const line = await wire.line()
      if (line?.startsWith('a ')) {
        assert.match(line, /^a OK/, command)
        break
      }
      if (line === null) throw new Error(`the server closed at ${command}`)
      lines.push(line)
    }
  }
  await wire.over()
  wire.destroy()
  return lines.join('\n')
}

let number = 0

/**
 * Sends one message as an app does, and reads it by each way there is. Resolves with the milliseconds that it took;
 * rejects where one of them does not work.
 */
export async function roundTrip(address: Address): Promise<number> {
  const start = performance.now()
  number += 1
  const { smtp, pop3, imap } = address.ports
  // A mailbox of its own has this message alone, however many there are.
  const recipient = address.login ? 'round-trip@example.com' : `round-trip-${number}@example.com`
  const { user, password } = address.login ?? { user: recipient, password: 'any' }
  const mark = `round trip ${number} of ${process.pid}`
  const sender = await Sender.open(smtp)
  if (address.login) await sender.login(user, password)
  const message = `From: app@example.com\r\nTo: ${recipient}\r\nSubject: ${mark}\r\n\r\nHello\r\n`
  await sender.send(dataOf(Buffer.from(message)), 'app@example.com', recipient)
  sender.close()
  assert.ok((await readByHttp(address, recipient)).includes(mark), 'not there by HTTP')
  if (imap !== null) {
    assert.ok((await readByImap(imap, user, password)).includes(mark), 'not there by IMAP')
  }
  // The oldest of the maildrop is the first: with a login there may be others before it.
  if (pop3 !== null && !address.login) {
    assert.ok((await readByPop3(pop3, user, password)).includes(mark), 'not there by POP3')
  }
  return performance.now() - start
}
