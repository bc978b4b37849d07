/**
 * Where the parts of Mailcatch say what happened. One event is one line; no bodies, no passwords, no tokens.
 * Whoever calls may put text from the network in it: control characters are escaped here.
 */
export type Log = {
  /** What only somebody who looks for it wants to read: a client's reset, a refused command. */
  info(event: string): void
  /** What a person should know although all goes on: a damaged file set aside. */
  warn(event: string): void
  /** What is broken. `cause` adds its stack. */
  error(event: string, cause?: unknown): void
}

/** `quiet` has errors only, `normal` warnings too, `verbose` everything. */
export type LogLevel = 'quiet' | 'normal' | 'verbose'

// C0, DEL and C1; the line and paragraph separators; the bidirectional marks, embeddings, overrides and isolates,
// which make a terminal show a line otherwise than it is.
const CONTROLS =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Makes every control and bidirectional character visible: `\x1b`, `\u{202e}`. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, character => {
    const code = character.charCodeAt(0)
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`
  })
}

/** A log that writes lines with their line end to `write`: by default to stderr, since stdout is for answers. */
export function createLog(
  level: LogLevel,
  write: (line: string) => void = line => process.stderr.write(line),
): Log {
  const say = (event: string) => write(`${escapeControls(event)}\n`)
  const silence = () => {}
  return {
    info: level === 'verbose' ? say : silence,
    warn: level === 'quiet' ? silence : event => say(`warning: ${event}`),
    error: (event, cause) =>
      say(cause === undefined ? `error: ${event}` : `error: ${event}: ${describe(cause)}`),
  }
}

const describe = (cause: unknown): string =>
  cause instanceof Error ? (cause.stack ?? `${cause.name}: ${cause.message}`) : String(cause)
