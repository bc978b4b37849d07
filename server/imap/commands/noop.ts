/** NOOP does nothing, which is the time to tell what has happened (RFC 9051 §6.1.2). */
export function runNoop(): undefined {
  // As at the end of every command, the session tells it.
}
