import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Mozilla's remote control of its own programs: commands and answers as JSON, each with its length in front. */
export class Marionette {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #commands = 0
  readonly #waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void }
  >()

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', chunk => this.#take(chunk))
    socket.on('error', error => this.#fail(error))
    socket.on('close', () => this.#fail(new Error('the program has ended')))
  }

  /** Opens a session that sees the program's own windows. */
  static async open(port: number): Promise<Marionette> {
    const socket = connect({ port, host: '127.0.0.1' })
    await once(socket, 'connect')
    const marionette = new Marionette(socket)
    await marionette.send('WebDriver:NewSession', {})
    await marionette.send('Marionette:SetContext', { value: 'chrome' })
    await marionette.send('WebDriver:SetTimeouts', { script: 60_000 })
    return marionette
  }

  /** Runs the body of an async function in the program's main window, with `args`, and answers what it returns. */
  async run(body: string, ...args: readonly unknown[]): Promise<unknown> {
    const script = `const [done, ...args] = [arguments[arguments.length - 1], ...Array.from(arguments).slice(0, -1)]
      ;(async () => {${body}})().then(
        value => done({ value }), error => done({ error: String(error) + '\\n' + error.stack }))`
    const answer = await this.send('WebDriver:ExecuteAsyncScript', { script, args })
    const { value, error } = (answer as { value: { value?: unknown; error?: string } }).value
    if (error !== undefined) throw new Error(error)
    return value
  }

  /** The window as a PNG. */
  async screenshot(): Promise<Buffer> {
    const answer = await this.send('WebDriver:TakeScreenshot', { full: false, hash: false })
    return Buffer.from((answer as { value: string }).value, 'base64')
  }

  send(command: string, parameters: object): Promise<unknown> {
    const id = ++this.#commands
    const text = JSON.stringify([0, id, command, parameters])
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#socket.write(`${Buffer.byteLength(text)}:${text}`)
    })
  }

  close(): void {
    this.#socket.destroy()
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk])
    for (;;) {
      const colon = this.#received.indexOf(':')
      if (colon < 0) return
      const end = colon + 1 + Number(this.#received.subarray(0, colon))
      if (this.#received.length < end) return
      const message = JSON.parse(this.#received.subarray(colon + 1, end).toString())
      this.#received = this.#received.subarray(end)
      // The first one is a greeting.
      if (!Array.isArray(message)) continue
      const [, id, error, result] = message
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) waiting?.reject(new Error(`${error.error}: ${error.message}\n${error.stacktrace}`))
      else waiting?.resolve(result)
    }
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
