/** A message of the inbox, as a listing tells it. */
export type Listed = {
  readonly id: number
  /** Octets. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** The address of the From field, `''` where there is none. */
  readonly from: string
}

/** A message to put into the inbox. */
export type NewMessage = {
  readonly size: number
  /** From the first octet on, each time that it is called. */
  octets(): AsyncIterable<Uint8Array>
}

/** An inbox that a command works on: a running Mailcatch or a data directory. */
export type Target = {
  /** For people: the URL, or the directory. */
  readonly name: string
  /** Octets of the largest message that it takes. */
  readonly maxMessageSize: number
  /** What it keeps while it runs, null where it drops nothing. */
  readonly limits: { readonly maxMessages: number; readonly maxBytes: number } | null
  /** Every message, ascending; with `q`, what this search finds. Throws a UsageError where `q` cannot be read. */
  list(q: string | null): Promise<readonly Listed[]>
  /** The octets of a message; null where it is gone. Throws a RefusedError where they cannot be had. */
  raw(id: number): Promise<AsyncIterable<Uint8Array> | null>
  /** Puts a message into the inbox; resolves with its id once that is durable. Throws a RefusedError for this one alone. */
  add(message: NewMessage): Promise<number>
  mark(
    ids: readonly number[],
    as: { readonly unread: false } | { readonly flagged: true },
  ): Promise<void>
  close(): Promise<void>
}

/** Something cannot be done with one message; with the next one it may be. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}
