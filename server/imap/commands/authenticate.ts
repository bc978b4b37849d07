/**
 * AUTHENTICATE logs in by an exchange of challenges and answers (RFC 9051 §6.2.2, RFC 4959).
 *
 * authenticate = "AUTHENTICATE" SP auth-type [SP (base64 / "=")] *(CRLF base64)
 */
import type { Credentials } from '../../auth/credentials.ts'
import { beginSasl, type SaslExchange, saslMechanisms } from '../../auth/exchange.ts'
import type { SaslResponse } from '../../auth/sasl.ts'
import { scramSha256 } from '../../auth/scram.ts'
import { Disconnected } from '../disconnected.ts'
import { ImapError, ImapSyntaxError } from '../errors.ts'
import type { Call, Completion, NotAuthenticated, Session } from '../session.ts'
import { Parser } from '../syntax/parser.ts'

export type AuthenticateArguments = {
  /** In upper case. */
  readonly mechanism: string
  /** Null where the client sent none; it may be empty. */
  readonly initialResponse: Buffer | null
}

export function parseAuthenticate(parser: Parser): AuthenticateArguments {
  parser.space()
  const mechanism = parser.atom().toUpperCase()
  const initialResponse = parser.accepts(' ') && !parser.isAtEnd ? parser.base64() : null
  return { mechanism, initialResponse }
}

/**
 * Reads a line that answers a challenge.
 *
 * @returns The octets, perhaps none; null where the client gives up with `*`
 * @throws ImapSyntaxError
 */
export function readSaslAnswer(line: string): Buffer | null {
  if (line === '*') return null
  if (line === '') return Buffer.alloc(0)
  const parser = new Parser({ text: line, literals: [] })
  const octets = parser.base64()
  if (!parser.isAtEnd) throw new ImapSyntaxError('expected base64', parser.at)
  return octets
}

/** The mechanisms that are offered, the strongest first. SCRAM needs a password that the server knows. */
export function mechanismsFor(auth: Credentials | null): readonly string[] {
  return auth ? ['SCRAM-SHA-256', ...saslMechanisms] : saslMechanisms
}

export async function runAuthenticate(
  { session }: Call<NotAuthenticated>,
  { mechanism, initialResponse }: AuthenticateArguments,
): Promise<Completion> {
  const exchange = begin(session, mechanism, initialResponse)
  if (!exchange) throw new ImapError('NO', 'that mechanism is not offered', 'CANNOT')
  const response = await converse(session, exchange)
  const login = response && session.openedLogin(response)
  if (login === null) throw session.loginFailed()
  session.login(login)
  return { code: `CAPABILITY ${session.capabilities}`, text: 'logged in' }
}

function begin(
  { options: { auth, store } }: Session,
  mechanism: string,
  initial: Buffer | null,
): SaslExchange | null {
  if (auth && mechanism === 'SCRAM-SHA-256') {
    const passwordOf = (user: string) =>
      store.inboxes.credentialsOf(user)?.password ?? auth.password
    return scramSha256(passwordOf, initial)
  }
  const known = saslMechanisms.find(name => name === mechanism)
  return known ? beginSasl(known, initial) : null
}

/** Hands challenges and answers to and fro (RFC 9051 §6.2.2). */
async function converse(session: Session, exchange: SaslExchange): Promise<SaslResponse | null> {
  const { connection, options, output } = session
  for (let step = exchange.next(); ; ) {
    if (step.done) return step.value
    output.text(`+ ${step.value.toString('base64')}\r\n`)
    output.flush()
    session.expect(options.loginTimeout)
    const line = await connection.reader.readLine()
    if (!line) throw new Disconnected()
    if (line.refusal) throw line.refusal
    const answer = readSaslAnswer(line.text)
    if (!answer) throw new ImapError('BAD', 'the authentication was cancelled')
    step = exchange.next(answer)
  }
}
