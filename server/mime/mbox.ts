import { FromLines, type Piece } from './from-lines.ts'

/**
 * Messages one after the other in one file. The format is that of qmail's mbox(5): a message follows its From_ line and
 * ends with an empty line, and each of its lines that would be a From_ line, or a quoted one, has a further `>` before it
 * (mboxrd), so that no octet is lost. Line ends are left as they are.
 */

/** A message begins, some of its octets, the message ends. */
export type MboxToken = 'begin' | 'end' | Buffer

const LF = 0x0a
/** Octets of a From_ line that are looked at. */
const longestLine = 4_096

/** Whether a file with these first octets is an mbox. */
export const isMbox = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(0, 5)).equals(Buffer.from('From '))

/**
 * Reads an mbox that comes in pieces. Total: what is before the first From_ line is left out, all else is in a message. Each run of
 * quotes before `From ` loses one; Content-Length fields are not believed.
 */
export async function* readMbox(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<MboxToken> {
  const lines = new FromLines()
  let fromLine: Buffer | null = null
  let message: Message | null = null

  function* read({ from, octets }: Piece): Generator<MboxToken> {
    let rest = octets
    if (from === 'quoted') rest = octets.subarray(1)
    if (from === 'plain') {
      if (message) yield* [message.end(), 'end'] as const
      message = null
      fromLine = Buffer.alloc(0)
    }
    if (fromLine) {
      const end = rest.indexOf(LF) + 1
      const more = end === 0 ? rest : rest.subarray(0, end)
      fromLine = Buffer.concat([fromLine, more]).subarray(0, longestLine)
      if (end === 0) return
      yield 'begin'
      message = new Message(saidOctets(fromLine))
      fromLine = null
      rest = rest.subarray(end)
    }
    if (message) yield message.take(rest)
  }

  for await (const chunk of chunks) {
    for (const piece of lines.take(asBuffer(chunk))) yield* read(piece)
  }
  for (const piece of lines.end()) yield* read(piece)
  if (message) yield* [(message as Message).end(), 'end'] as const
}

/** How much of a message's end may be the mbox's own: the line end that a last line lacked, and the empty line. */
const longestEnd = 3

/** Holds the last octets of a message back until it is known how many of them are the mbox's. */
class Message {
  /** What the From_ line says, null where it says nothing. */
  readonly #octets: number | null
  #length = 0
  #tail = Buffer.alloc(0)

  constructor(octets: number | null) {
    this.#octets = octets
  }

  take(octets: Buffer): Buffer {
    this.#length += octets.length
    const all = Buffer.concat([this.#tail, octets])
    const end = Math.max(0, all.length - longestEnd)
    this.#tail = all.subarray(end)
    return all.subarray(0, end)
  }

  end(): Buffer {
    return this.#tail.subarray(0, this.#tail.length - (this.#ours() ?? this.#emptyLine()))
  }

  /** The octets of the end that are not the message's, where its From_ line is one of ours and nobody changed it since. */
  #ours(): number | null {
    if (this.#octets === null) return null
    const more = this.#length - this.#octets
    if (more < 0 || more > this.#tail.length) return null
    const end = this.#tail.toString('latin1', this.#tail.length - more)
    return /^[\r\n]*$/.test(end) ? more : null
  }

  #emptyLine(): number {
    const isWhole = this.#length === this.#tail.length
    const tail = (isWhole ? '\n' : '') + this.#tail.toString('latin1')
    return /\n(\r?\n)$/.exec(tail)?.[1]?.length ?? 0
  }
}

/** What a From_ line of ours says of its message. */
const saidOctets = (fromLine: Buffer): number | null => {
  const said = / octets=(\d{1,15})\r?\n$/.exec(fromLine.toString('latin1'))?.[1]
  return said === undefined ? null : Number(said)
}

/**
 * Writes one message of an mbox. The From_ line tells how many octets it has, where mbox(5) has room for "moreinfo":
 * without that, nobody could tell whether its last line has a line end.
 *
 * @param head `receivedAt` in milliseconds since 1970; `from` may be any text
 */
export async function* writeMboxMessage(
  head: { readonly from: string; readonly receivedAt: number; readonly size: number },
  octets: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const sender = /^[!-~]{1,320}$/.test(head.from) ? head.from : 'MAILER-DAEMON'
  yield Buffer.from(`From ${sender} ${asctime(head.receivedAt)} octets=${head.size}\n`)
  const lines = new FromLines()
  let last = LF
  function* quoted(pieces: readonly Piece[]): Generator<Buffer> {
    for (const { from, octets } of pieces) {
      if (from) yield Buffer.from('>')
      yield octets
      last = octets.at(-1) ?? last
    }
  }
  for await (const chunk of octets) yield* quoted(lines.take(asBuffer(chunk)))
  yield* quoted(lines.end())
  yield Buffer.from(last === LF ? '\n' : '\n\n')
}

/** `Sat Jan  3 01:05:34 1996`, UTC. */
const asctime = (time: number): string => {
  const [weekday, day, month, year, clock] = new Date(time).toUTCString().split(/,? /)
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} ${year}`
}

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
