import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A plain SMTP client: one write for each step, as libraries do, without the 44 ms that Nagle costs them. */
export class Sender {
  readonly #socket: Socket
  #buffer = ''
  #reply: { resolve: (reply: string) => void; reject: (error: Error) => void } | null = null
  #error: Error | null = null

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.setEncoding('latin1')
    socket.on('data', (text: string) => {
      this.#buffer += text
      this.#settle()
    })
    const end = (error?: Error) => {
      this.#error ??= error ?? new Error('the server closed the connection')
      this.#reply?.reject(this.#error)
      this.#reply = null
    }
    socket.on('error', end)
    socket.on('close', () => end())
  }

  static async open(port: number): Promise<Sender> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    const sender = new Sender(socket)
    await sender.#expect('220')
    await sender.#command('EHLO client.example\r\n', '250')
    return sender
  }

  /** Logs in (RFC 4616 §2). */
  async login(user: string, password: string): Promise<void> {
    const response = Buffer.from(`\0${user}\0${password}`).toString('base64')
    await this.#command(`AUTH PLAIN ${response}\r\n`, '235')
  }

  /** Sends a message (with its final dot); resolves with the reply that acknowledges it. */
  async send(
    data: Uint8Array,
    mailFrom: string,
    rcptTo: string | readonly string[],
    onDot = () => {},
  ): Promise<string> {
    await this.#envelope(mailFrom, [rcptTo].flat())
    onDot()
    return this.#command(data, '250')
  }

  /** Begins a message, and leaves it at that. */
  async begin(data: Uint8Array, mailFrom: string, rcptTo: string): Promise<void> {
    await this.#envelope(mailFrom, [rcptTo])
    this.#socket.write(data)
  }

  /** Goes on with what was begun. */
  write(data: Uint8Array): void {
    this.#socket.write(data)
  }

  /** Goes on to the end of what was begun (with the final dot); resolves with the reply that acknowledges it. */
  finish(data: Uint8Array): Promise<string> {
    return this.#command(data, '250')
  }

  close(): void {
    this.#socket.end('QUIT\r\n')
  }

  destroy(): void {
    this.#socket.destroy()
  }

  async #envelope(mailFrom: string, rcptTo: readonly string[]): Promise<void> {
    await this.#command(`MAIL FROM:<${mailFrom}>\r\n`, '250')
    for (const address of rcptTo) await this.#command(`RCPT TO:<${address}>\r\n`, '250')
    await this.#command('DATA\r\n', '354')
  }

  async #command(command: string | Uint8Array, code: string): Promise<string> {
    this.#socket.write(command)
    return this.#expect(code)
  }

  async #expect(code: string): Promise<string> {
    const reply = await new Promise<string>((resolve, reject) => {
      if (this.#error) return reject(this.#error)
      this.#reply = { resolve, reject }
      this.#settle()
    })
    if (!reply.startsWith(code)) throw new Error(`wanted ${code}, got ${reply}`)
    return reply
  }

  /** The last line of a reply has a space behind its code (RFC 5321 §4.2.1). */
  #settle(): void {
    const match = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\r\n/.exec(this.#buffer)
    if (!match || !this.#reply) return
    this.#buffer = this.#buffer.slice(match[0].length)
    const { resolve } = this.#reply
    this.#reply = null
    resolve(match[0].trimEnd())
  }
}

/** The octets that follow DATA: dots stuffed, the final dot behind (RFC 5321 §4.5.2). `raw` ends with CRLF. */
export const dataOf = (raw: Uint8Array): Buffer =>
  Buffer.from(`${Buffer.from(raw).toString('latin1').replace(/^\./gm, '..')}.\r\n`, 'latin1')
