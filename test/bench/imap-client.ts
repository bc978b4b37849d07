import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** More than a tagged line has. */
const TAIL = 512

/** An IMAP client that does as little as there is to do: it counts octets, and looks for the end of each answer. */
export class ImapClient {
  readonly #socket: Socket
  #tag = 0
  /** The last octets that came. */
  #tail = ''
  #octets = 0
  #onText: ((text: string) => void) | null = null
  #wake = () => {}
  #isClosed = false

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', chunk => {
      this.#octets += chunk.length
      this.#onText?.(chunk.toString('latin1'))
      this.#tail = (this.#tail + chunk.subarray(-TAIL).toString('latin1')).slice(-TAIL)
      this.#wake()
    })
    socket.on('close', () => {
      this.#isClosed = true
      this.#wake()
    })
  }

  /** Logs in; any password does. */
  static async open(port: number, user: string): Promise<ImapClient> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    const client = new ImapClient(socket)
    await client.#until(/\r\n$/)
    await client.ask(`LOGIN "${user}" secret`)
    return client
  }

  /** Resolves with the octets of the answer. Rejects where that is not `OK`. */
  async ask(command: string): Promise<number> {
    const before = this.#octets
    const tag = `t${++this.#tag}`
    this.#tail = ''
    this.#socket.write(`${tag} ${command}\r\n`)
    const [, line = ''] = await this.#until(new RegExp(`(?:^|\\r\\n)${tag} ([^\\r\\n]*)\\r\\n$`))
    if (!line.startsWith('OK')) throw new Error(`${command}: ${line}`)
    return this.#octets - before
  }

  /** The same, with the text of the answer. */
  async read(command: string): Promise<string> {
    let text = ''
    this.#onText = chunk => {
      text += chunk
    }
    await this.ask(command)
    this.#onText = null
    return text
  }

  /** Begins IDLE. `onExists` hears how many messages there are, each time. */
  async idle(onExists: (count: number) => void): Promise<void> {
    this.#tail = ''
    this.#socket.write(`t${++this.#tag} IDLE\r\n`)
    await this.#until(/^\+ [^\r\n]*\r\n/)
    let rest = ''
    this.#onText = text => {
      const lines = (rest + text).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const [, count] = /^\* (\d+) EXISTS$/.exec(line) ?? []
        if (count) onExists(Number(count))
      }
    }
  }

  close(): void {
    this.#socket.destroy()
  }

  async #until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#tail)
      if (match) return match
      if (this.#isClosed) throw new Error(`the server closed the connection: ${this.#tail}`)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }
}
