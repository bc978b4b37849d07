import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import type { MailServer } from '../helpers/mail-server.ts'

/**
 * The same conversation with Mailcatch and with Dovecot: what they answer must be the same, but for the words that a
 * server is free to choose, and for the differences that are listed with their reason.
 */

export type Dialogue = {
  readonly name: string
  /** What lies in the INBOX of the dialogue's own user. */
  readonly messages: readonly Uint8Array[]
  /** What the client says, one command each. */
  readonly commands: readonly string[]
}

/** One command and the answer, as the protocol's own reader has normalised it: one line a response. */
export type Exchange = { readonly command: string; readonly answer: readonly string[] }

/** A difference that we know, and want. One that no longer shows is an error. */
export type KnownDifference = {
  readonly command: RegExp
  /** Where only some dialogues differ. */
  readonly dialogue?: RegExp
  /** Where ours must be just that: one of its lines matches. */
  readonly ours?: RegExp
  readonly why: string
}

export type Play = (
  server: MailServer,
  user: string,
  commands: readonly string[],
) => Promise<readonly Exchange[]>

/** Whether our answer is as good as theirs. */
type Agree = (ours: readonly string[], theirs: readonly string[]) => boolean

const isEqual: Agree = (ours, theirs) => ours.join('\n') === theirs.join('\n')

/** Plays every dialogue on both servers, one test each, and then wants that each known difference was seen. */
export async function compare(
  t: TestContext,
  servers: readonly [MailServer, MailServer],
  play: Play,
  dialogues: readonly Dialogue[],
  known: readonly KnownDifference[],
  agree: Agree = isEqual,
): Promise<void> {
  const seen = new Set<KnownDifference>()
  for (const [index, { name, messages, commands }] of dialogues.entries()) {
    await t.test(name, async () => {
      const user = `dialogue-${index}@example.org`
      const [ours, theirs] = await Promise.all(
        servers.map(async server => {
          await server.deliver(user, messages)
          return play(server, user, commands)
        }),
      )
      assert.ok(ours && theirs)
      assert.equal(ours.length, theirs.length)
      const unexplained = ours.flatMap(({ command, answer }, at) => {
        const wanted = theirs[at]?.answer ?? []
        if (agree(answer, wanted)) return []
        const reason = known.find(
          difference =>
            difference.command.test(command) &&
            (difference.dialogue?.test(name) ?? true) &&
            (difference.ours ? answer.some(line => difference.ours?.test(line)) : true),
        )
        if (reason) seen.add(reason)
        return reason ? [] : [describe(command, answer, wanted, servers)]
      })
      assert.equal(unexplained.length, 0, `${unexplained.length} differ\n${unexplained.join('\n')}`)
    })
  }
  await t.test('every known difference is still there', () => {
    const gone = known.filter(difference => !seen.has(difference))
    assert.deepEqual(
      gone.map(({ command, dialogue, why }) => `${dialogue ?? ''} ${command}: ${why}`),
      [],
    )
  })
}

function describe(
  command: string,
  ours: readonly string[],
  theirs: readonly string[],
  [our, their]: readonly [MailServer, MailServer],
): string {
  const only = (some: readonly string[], others: readonly string[]) =>
    some.filter(line => !others.includes(line)).map(line => `\n      ${shorten(line)}`)
  const rows = [`  C: ${shorten(command)}`]
  const [mine, its] = [only(ours, theirs), only(theirs, ours)]
  if (mine.length === 0 && its.length === 0) {
    mine.push(...ours.map(line => `\n      ${shorten(line)}`))
    its.push(...theirs.map(line => `\n      ${shorten(line)}`))
  }
  rows.push(`    ${our.name}:${mine.join('')}`, `    ${their.name}:${its.join('')}`)
  return rows.join('\n')
}

const shorten = (line: string) =>
  line.length > 700 ? `${line.slice(0, 500)} …${line.length}… ${line.slice(-150)}` : line

/** A connection whose answers are taken as octets, one character each. */
export class Line {
  #socket: Socket
  #text = ''
  #isOver = false
  #wake: () => void = () => {}

  private constructor(socket: Socket) {
    this.#socket = socket
    const finish = () => {
      this.#isOver = true
      this.#wake()
    }
    socket.setEncoding('latin1')
    socket.on('data', text => {
      this.#text += text
      this.#wake()
    })
    // A reset is an end.
    socket.on('error', finish)
    socket.on('end', finish)
  }

  static async open(port: number): Promise<Line> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    await once(socket, 'connect')
    return new Line(socket)
  }

  /** One character an octet. */
  write(text: string): void {
    this.#socket.write(text, 'latin1')
  }

  /** Whether the server has closed and all that it said is read. */
  get isOver(): boolean {
    return this.#isOver && this.#text === ''
  }

  /**
   * What comes up to the end that `length` finds in it (0: not yet), or all that came where the server closes before,
   * or says nothing for ten seconds, which is then said in it.
   */
  async read(length: (text: string) => number): Promise<string> {
    const tooLate = Date.now() + 10_000
    for (;;) {
      const end = length(this.#text)
      if (end > 0 || this.#isOver) return this.#take(end > 0 ? end : this.#text.length)
      const wait = tooLate - Date.now()
      if (wait <= 0) return `${this.#take(this.#text.length)}(no answer)\r\n`
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, wait)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #take(length: number): string {
    const taken = this.#text.slice(0, length)
    this.#text = this.#text.slice(length)
    return taken
  }
}
