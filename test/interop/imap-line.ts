import { Line } from './differential.ts'

export type Answer = {
  /** Each untagged response, without `* ` and its line end, with its literals. */
  readonly untagged: readonly string[]
  /** What follows the tag, or `(closed)`, or `(continue)` where the server wants more. */
  readonly tagged: string
}

/** The length of the first response in `text`, whose literals may hold line ends; 0 where it is not whole yet. */
export function responseLength(text: string): number {
  let from = 0
  for (;;) {
    const end = text.indexOf('\r\n', from)
    if (end < 0) return 0
    const literal = /~?\{(\d+)\}$/.exec(text.slice(Math.max(from, end - 25), end))
    if (!literal) return end + 2
    from = end + 2 + Number(literal[1])
    if (from > text.length) return 0
  }
}

/** A client that sends what it is told. `⟨…⟩` in a command is sent as a literal. */
export class ImapLine {
  readonly #line: Line
  #tags = 0

  private constructor(line: Line) {
    this.#line = line
  }

  static async open(port: number): Promise<ImapLine> {
    const imap = new ImapLine(await Line.open(port))
    await imap.#response()
    return imap
  }

  /** Opens and logs in. */
  static async login(port: number, user: string, password: string): Promise<ImapLine> {
    const imap = await ImapLine.open(port)
    const { tagged } = await imap.ask(`LOGIN "${user}" "${password}"`)
    if (!tagged.startsWith('OK')) throw new Error(`login: ${tagged}`)
    return imap
  }

  /** Sends a command, its literals when the server asks for them, and answers all that comes up to its end. */
  async ask(command: string): Promise<Answer> {
    const tag = `t${++this.#tags}`
    const pieces = command.split(/⟨([\s\S]*?)⟩/)
    const untagged: string[] = []
    for (let index = 0; index < pieces.length; index += 2) {
      const literal = pieces[index + 1]
      const text = index === 0 ? `${tag} ${pieces[0]}` : (pieces[index] as string)
      this.#line.write(literal === undefined ? `${text}\r\n` : `${text}{${literal.length}}\r\n`)
      const { untagged: some, tagged } = await this.#answer(tag)
      untagged.push(...some)
      if (literal === undefined || tagged !== '(continue)') return { untagged, tagged }
      this.#line.write(literal)
    }
    throw new Error('a command ends with a line')
  }

  /** Writes a line that is no command, such as DONE, and answers what comes up to the end of the last command. */
  async say(text: string): Promise<Answer> {
    this.#line.write(`${text}\r\n`)
    return this.#answer(`t${this.#tags}`)
  }

  /** The next untagged response, whenever it comes. */
  async next(): Promise<string> {
    return (await this.#response()).slice(2)
  }

  destroy(): void {
    this.#line.destroy()
  }

  async #answer(tag: string): Promise<Answer> {
    const untagged: string[] = []
    for (;;) {
      const response = await this.#response()
      if (response.startsWith('* ')) untagged.push(response.slice(2))
      else if (response.startsWith(`${tag} `)) {
        return { untagged, tagged: response.slice(tag.length + 1) }
      } else if (response.startsWith('+')) return { untagged, tagged: '(continue)' }
      else if (this.#line.isOver) return { untagged, tagged: '(closed)' }
      else return { untagged, tagged: response }
    }
  }

  async #response(): Promise<string> {
    const response = await this.#line.read(responseLength)
    return response.endsWith('\r\n') ? response.slice(0, -2) : response
  }
}
