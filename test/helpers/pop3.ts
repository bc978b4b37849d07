import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createLog } from '../../server/log.ts'
import { openSecureContext } from '../../server/net/tls.ts'
import { type Pop3Options, servePop3 } from '../../server/pop3/server.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import type { StoreFs } from '../../server/store/store-fs.ts'
import { usualStore } from './store.ts'

const secureContext = await openSecureContext({
  directory: '/nowhere',
  memory: true,
  names: [],
  tlsCert: null,
  tlsKey: null,
  log: createLog('quiet'),
})

/** A POP3 server on a free port with a store, in memory or in a new folder, until the test ends. */
export async function startPop3(
  t: Pick<TestContext, 'after'>,
  {
    fs,
    isOnDisk = false,
    ...options
  }: Partial<Pop3Options> & { readonly fs?: StoreFs; readonly isOnDisk?: boolean } = {},
) {
  const directory = isOnDisk ? mkdtempSync(join(tmpdir(), 'mailcatch-pop3-')) : null
  const lines: string[] = []
  const log = createLog('verbose', line => lines.push(line))
  const store = await MailStore.open({
    ...usualStore,
    directory,
    maxMessageSize: 64 * 1024 ** 2,
    log: line => lines.push(line),
    ...(fs && { fs }),
  })
  const server = await servePop3({
    store,
    port: 0,
    host: null,
    secureContext,
    auth: null,
    log,
    ...options,
    patience: { failure: 0, ...options.patience },
  })
  t.after(async () => {
    await server.close()
    await store.close()
    if (directory !== null) rmSync(directory, { recursive: true })
  })
  return {
    ...server,
    store,
    directory,
    /** What was logged. */
    lines,
    /** Puts a message, one character an octet, into the store as if it had arrived. */
    async put(message: string | Buffer, rcptTo: readonly string[] = ['ann@example.com']) {
      const arrival = store.receive({
        envelope: { mailFrom: 'app@example.com', rcptTo },
        listener: 'smtp',
      })
      await arrival.write(Buffer.isBuffer(message) ? message : Buffer.from(message, 'latin1'))
      return (await arrival.commit()).number
    },
    /** Another front-end on the same store. */
    async another(more: Partial<Pop3Options>) {
      const other = await servePop3({
        ...{ store, port: 0, host: null, secureContext, auth: null, log },
        ...more,
      })
      t.after(() => other.close())
      return other
    },
  }
}

/** A client of POP3; one character is one octet. */
export class Pop3Client {
  readonly socket: Socket
  #text = ''
  #isOver = false
  #wake = () => {}

  private constructor(socket: Socket) {
    this.socket = socket
    const finish = () => {
      this.#isOver = true
      this.#wake()
    }
    socket.setEncoding('latin1')
    socket.on('data', text => {
      this.#text += text
      this.#wake()
    })
    socket.on('error', finish)
    socket.on('close', finish)
  }

  static async open(port: number, greeting = /^\+OK /): Promise<Pop3Client> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    const client = new Pop3Client(socket)
    assert.match(await client.line(), greeting)
    return client
  }

  static async login(port: number, user = 'any', password = 'any'): Promise<Pop3Client> {
    const client = await Pop3Client.open(port)
    assert.match(await client.ask(`USER ${user}`), /^\+OK/)
    assert.match(await client.ask(`PASS ${password}`), /^\+OK/)
    return client
  }

  write(text: string): void {
    this.socket.write(text, 'latin1')
  }

  /** The next line; `''` where the server has closed. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#text.indexOf('\r\n')
      if (end >= 0) {
        const line = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 2)
        return line
      }
      if (this.#isOver) return ''
      await this.#more()
    }
  }

  /** Sends, and gives what comes before a line that starts so; the rest of that line is the next one. */
  async until(sent: string, start: string): Promise<string> {
    this.write(sent)
    for (let from = 0; ; ) {
      const end = this.#text.startsWith(start) ? 0 : this.#text.indexOf(`\r\n${start}`, from) + 2
      if (end !== 1) {
        const before = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + start.length)
        return before
      }
      from = Math.max(0, this.#text.length - start.length - 2)
      assert.ok(!this.#isOver, 'the server closed within an answer')
      await this.#more()
    }
  }

  /** Whether something has come that nobody has read. */
  get hasMore(): boolean {
    return this.#text !== ''
  }

  ask(command: string): Promise<string> {
    this.write(`${command}\r\n`)
    return this.line()
  }

  /** What follows the status of a multi-line response, as it is sent, without the final dot. */
  async rest(): Promise<string> {
    for (;;) {
      const end = this.#text.startsWith('.\r\n') ? 0 : this.#text.indexOf('\r\n.\r\n') + 2
      if (end !== 1) {
        const lines = this.#text.slice(0, end)
        this.#text = this.#text.slice(end + 3)
        return lines
      }
      assert.ok(!this.#isOver, 'the server closed within an answer')
      await this.#more()
    }
  }

  /** A multi-line response, its dots taken out. */
  async fetch(command: string): Promise<string> {
    const status = await this.ask(command)
    assert.match(status, /^\+OK/, command)
    return (await this.rest()).replace(/(^|\n)\./g, '$1')
  }

  /** Everything until the server closes. */
  async all(): Promise<string> {
    while (!this.#isOver) await this.#more()
    return this.#text
  }

  /** Resolves when the server has closed. */
  async over(): Promise<void> {
    while (!this.#isOver) await this.#more()
  }

  destroy(): void {
    this.socket.destroy()
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#wake = resolve
    })
  }
}
