import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'

/** A client's end of a text protocol, octet by octet as the test says. */
export class Wire {
  #socket: Socket | TLSSocket
  #received = Buffer.alloc(0)
  #isOver = false
  #waiting: (() => void)[] = []
  /** Why the connection broke; undefined while it has not. */
  error: Error | undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen()
  }

  static async open(port: number, host = '127.0.0.1'): Promise<Wire> {
    const socket = connect({ port, host, noDelay: true })
    await once(socket, 'connect')
    return new Wire(socket)
  }

  static async openTls(port: number, host = '127.0.0.1'): Promise<Wire> {
    const socket = connectTls({ port, host, rejectUnauthorized: false })
    await once(socket, 'secureConnect')
    return new Wire(socket)
  }

  get socket(): Socket {
    return this.#socket
  }

  /** Goes on inside of TLS. Rejects when the handshake fails. */
  async startTls(): Promise<void> {
    this.#socket.removeAllListeners('data')
    const secured = connectTls({ socket: this.#socket, rejectUnauthorized: false })
    await once(secured, 'secureConnect')
    this.#socket = secured
    this.#listen()
  }

  write(data: string | Uint8Array): void {
    this.#socket.write(data)
  }

  /** Writes everything, as fast as the server takes it. */
  async writeAll(data: string | Uint8Array): Promise<void> {
    if (!this.#socket.write(data)) await Promise.race([once(this.#socket, 'drain'), this.over()])
  }

  /** The next line, without its line end; null when the server has closed. */
  async line(): Promise<string | null> {
    for (;;) {
      const end = this.#received.indexOf('\r\n')
      if (end >= 0) {
        const line = this.#received.subarray(0, end).toString()
        this.#received = this.#received.subarray(end + 2)
        return line
      }
      if (this.#isOver) return null
      await this.#more()
    }
  }

  /** A whole reply, whose last line has a space behind the code. */
  async reply(): Promise<string> {
    const lines: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === null) return lines.join('\n')
      lines.push(line)
      if (!/^\d{3}-/.test(line)) return lines.join('\n')
    }
  }

  /** Sends a command and answers its reply. */
  ask(command: string): Promise<string> {
    this.write(`${command}\r\n`)
    return this.reply()
  }

  /** Resolves when the server has closed or reset the connection. */
  async over(): Promise<void> {
    while (!this.#isOver) await this.#more()
  }

  end(): void {
    this.#socket.end()
  }

  /** Breaks off without a FIN. */
  reset(): void {
    this.#socket.resetAndDestroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #listen(): void {
    const finish = () => {
      this.#isOver = true
      this.#wake()
    }
    this.#socket.on('data', chunk => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    this.#socket.on('error', error => {
      this.error = error
    })
    this.#socket.on('end', finish)
    this.#socket.on('close', finish)
  }

  #more(): Promise<void> {
    return new Promise(resolve => {
      this.#waiting.push(resolve)
    })
  }

  #wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }
}
