/**
 * CHECK asks for a checkpoint of the mailbox (RFC 3501 §6.4.1). There is nothing to do: what the client was told is
 * durable.
 */
export function runCheck(): undefined {
  // The session tells what has happened, as NOOP does.
}
