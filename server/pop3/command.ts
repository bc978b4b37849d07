import type { Credentials } from '../auth/credentials.ts'
import type { MailStore } from '../store/mail-store.ts'
import type { Maildrop } from './maildrop.ts'

/** Where a session stands (RFC 1939 §3). Its UPDATE state is a part of QUIT. */
export type State =
  | {
      readonly name: 'authorization'
      /** What USER said, where that was the last command. */
      readonly user: string | null
      /** Whether the client said UTF8 (RFC 6856 §2.1). */
      readonly isUtf8: boolean
    }
  | {
      readonly name: 'transaction'
      readonly maildrop: Maildrop
      /** Gives the maildrop free. */
      close(): void
    }

/** What the commands need of the server. */
export type Service = {
  readonly store: Pick<MailStore, 'mailboxes' | 'inboxes' | 'canonical' | 'canonicalBytes'>
  /** Prepared by SASLprep; null where any login is taken. */
  readonly auth: Credentials | null
  readonly allowDelete: boolean
  readonly startTls: boolean
  /** After how many milliseconds messages go by themselves, null where age is no reason. */
  readonly maxAge: number | null
  /** Milliseconds to wait for a maildrop that is in use. */
  readonly lockPatience: number
}

/** What the commands need of their session. */
export type Context = {
  readonly service: Service
  readonly state: State
  /** Of the greeting, for APOP. */
  readonly timestamp: string
  readonly isSecure: boolean
  /** Sends a challenge of SASL; resolves with the line that answers it. */
  ask(challenge: Buffer): Promise<Buffer>
}

/** What a session does once an answer is sent; if nothing is said, it reads the next command. */
export type Next = 'read' | 'begin TLS' | 'close'

/** `+OK`, and what comes of a command. */
export type Answer = {
  readonly text: string
  /** The lines of a multi-line response, each with its end, dots stuffed; without the final dot. */
  readonly lines?: Iterable<Buffer> | AsyncIterable<Buffer>
  /** Where the session stands from now on. */
  readonly state?: State
  readonly next?: Next
}

export type Command = {
  /** Where it is legal. */
  readonly states: readonly State['name'][]
  /** Throws a Pop3Error, which is answered. `argument` is what follows the keyword and a space. */
  run(context: Context, argument: Buffer): Answer | Promise<Answer>
}
