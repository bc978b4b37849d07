/** How far a command has come; `of` is null where the end is not known. */
export type Position = {
  /** `importing`. */
  readonly verb: string
  readonly octets: number
  readonly of: number | null
  readonly messages: number
}

/** Milliseconds between two drawings. */
const interval = 100
const widestBar = 40

/** The line that shows a position, in at most so many columns. */
export function progressLine({ verb, octets, of, messages }: Position, columns: number): string {
  const count = inWords(messages)
  if (of === null) return `${verb} ${count}`.slice(0, columns)
  const part = of === 0 ? 1 : Math.min(1, octets / of)
  const percent = `${Math.floor(part * 100)}%`.padStart(5)
  const width = Math.min(widestBar, columns - verb.length - count.length - percent.length - 6)
  if (width < 5) return `${verb}${percent}  ${count}`.slice(0, columns)
  const bar = '='.repeat(Math.floor(part * width)).padEnd(width)
  return `${verb} [${bar}]${percent}  ${count}`
}

/** `1,234 messages`. */
export const inWords = (messages: number): string =>
  `${messages.toLocaleString('en')} message${messages === 1 ? '' : 's'}`

/** What is written to, such as `process.stderr`; `isTTY` where a person may look at it. */
export type Terminal = {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

/** One line of a terminal that changes as a command goes on. */
export class Progress {
  readonly #terminal: Terminal
  #drawnAt = Number.NEGATIVE_INFINITY
  #isDrawn = false

  constructor(terminal: Terminal) {
    this.#terminal = terminal
  }

  /** Draws, unless it did so a moment ago. */
  show(position: Position): void {
    const now = performance.now()
    if (now - this.#drawnAt < interval) return
    this.#drawnAt = now
    this.#isDrawn = true
    // 0 where the terminal does not know. A line as wide as the terminal would wrap.
    const columns = (this.#terminal.columns || 80) - 1
    this.#terminal.write(`\r${progressLine(position, columns)}\x1b[K`)
  }

  /** Leaves the line empty, for something else to be written there. */
  clear(): void {
    if (this.#isDrawn) this.#terminal.write('\r\x1b[K')
    this.#isDrawn = false
  }
}
