import { connect, type Socket } from 'node:net'
import { hasDovecot, startDovecot } from '../helpers/dovecot.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { small } from './mails.ts'
import { inFolder, type Running, startMailcatch } from './processes.ts'

const count = 10_000
const logins = 200
const runs = 3
const user = 'drop@example.org'
/** The login that sees the mail of all. */
const everything = 'any'
const password = 'secret'
const END = '\r\n.\r\n'

/** A client that does as little as there is to do: it finds the ends of answers, and keeps nothing. */
class Client {
  readonly #socket: Socket
  /** What an end may begin with that the next chunk goes on with. */
  #tail = ''
  #ends = 0
  #isMultiLine = false
  #wake = () => {}
  octets = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', chunk => {
      this.octets += chunk.length
      const end = this.#isMultiLine ? END : '\r\n'
      const text = this.#tail + chunk.toString('latin1')
      let from = 0
      for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, from)) {
        this.#ends++
        from = at + end.length
      }
      this.#tail = text.slice(Math.max(from, text.length - end.length + 1))
      this.#wake()
    })
  }

  static async open(port: number, name: string): Promise<Client> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    const client = new Client(socket)
    await client.#ended()
    await client.ask(`USER ${name}`)
    await client.ask(`PASS ${password}`)
    return client
  }

  async ask(command: string): Promise<void> {
    this.#socket.write(`${command}\r\n`)
    await this.#ended()
  }

  /** Fetches all messages, so many asked for ahead. Resolves with the octets that came. */
  async retrieve(ahead: number): Promise<number> {
    this.#isMultiLine = true
    this.#tail = ''
    const before = this.octets
    let asked = 0
    const more = () => this.#socket.write(`RETR ${++asked}\r\n`)
    while (asked < ahead) more()
    for (let got = 0; got < count; got++) {
      await this.#ended()
      if (asked < count) more()
    }
    this.#isMultiLine = false
    return this.octets - before
  }

  async quit(): Promise<void> {
    await this.ask('QUIT')
    this.#socket.destroy()
  }

  async #ended(): Promise<void> {
    while (this.#ends === 0) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    this.#ends--
  }
}

type Measured = { readonly rate: number; readonly megabytes: number }

async function retrieving(port: number, ahead: number): Promise<Measured> {
  const client = await Client.open(port, user)
  const start = performance.now()
  const octets = await client.retrieve(ahead)
  const seconds = (performance.now() - start) / 1_000
  await client.quit()
  return { rate: count / seconds, megabytes: octets / 1e6 / seconds }
}

async function loggingIn(port: number, name: string): Promise<Measured> {
  const start = performance.now()
  for (let round = 0; round < logins; round++) {
    const client = await Client.open(port, name)
    await client.ask('STAT')
    await client.quit()
  }
  return { rate: (logins * 1_000) / (performance.now() - start), megabytes: 0 }
}

async function fillMailcatch({ smtp }: Running): Promise<void> {
  const senders = await Promise.all(Array.from({ length: 4 }, () => Sender.open(smtp)))
  let serial = 0
  await Promise.all(
    senders.map(async sender => {
      while (serial < count) await sender.send(dataOf(small(serial++)), 'shop@example.com', user)
      sender.close()
    }),
  )
}

const median = (values: readonly Measured[]): Measured =>
  values.toSorted((a, b) => a.rate - b.rate)[Math.floor(values.length / 2)] as Measured

/**
 * 10 000 messages of 5 kB in a drop: RETR of all on one connection, and login, STAT and QUIT; in turn with Dovecot, as
 * ratios to it, the median of the runs.
 */
export async function* pop3(): AsyncGenerator<string[]> {
  if (!hasDovecot()) {
    yield ['Dovecot is not installed, so there is nothing to compare with']
    return
  }
  yield ['POP3, 10 000 messages of 5 kB', 'Dovecot/s', 'Mailcatch/s', 'ratio', 'Mailcatch MB/s']
  yield ['---', '--:', '--:', '--:', '--:']
  const rows = await inFolder(async data => {
    const dovecot = await startDovecot()
    const mailcatch = await startMailcatch(data)
    try {
      await dovecot.deliver(
        user,
        Array.from({ length: count }, (_, serial) => small(serial)),
      )
      await fillMailcatch(mailcatch)
      const work: readonly (readonly [
        string,
        (port: number, name: string) => Promise<Measured>,
      ])[] = [
        ['RETR, one after the other', port => retrieving(port, 1)],
        ['RETR, 20 asked for ahead', port => retrieving(port, 20)],
        ['login, STAT, QUIT of an address', port => loggingIn(port, user)],
        ['login, STAT, QUIT of the catch-all', loggingIn],
      ]
      const measured: string[][] = []
      for (const [name, measure] of work) {
        const theirs: Measured[] = []
        const ours: Measured[] = []
        // The first round warms both up.
        for (let run = 0; run <= runs; run++) {
          const [their, our] = [
            await measure(dovecot.ports.pop3, user),
            await measure(mailcatch.pop3, everything),
          ]
          if (run === 0) continue
          theirs.push(their)
          ours.push(our)
        }
        const [their, our] = [median(theirs), median(ours)]
        measured.push([
          name,
          their.rate.toFixed(0),
          our.rate.toFixed(0),
          (our.rate / their.rate).toFixed(2),
          our.megabytes > 0 ? our.megabytes.toFixed(0) : '',
        ])
      }
      return measured
    } finally {
      await Promise.all([dovecot.close(), mailcatch.stop()])
    }
  })
  yield* rows
}
