/**
 * LOGIN logs in by name and password (RFC 9051 §6.2.3).
 *
 * login = "LOGIN" SP userid SP password
 */
import type { Call, Completion, NotAuthenticated } from '../session.ts'
import type { Parser } from '../syntax/parser.ts'

export type LoginArguments = { readonly user: string; readonly password: string }

export function parseLogin(parser: Parser): LoginArguments {
  parser.space()
  const user = parser.astring()
  parser.space()
  return { user, password: parser.astring() }
}

export function runLogin(
  { session }: Call<NotAuthenticated>,
  { user, password }: LoginArguments,
): Completion {
  const login = session.openedLogin({ mechanism: 'PLAIN', user, password })
  if (login === null) throw session.loginFailed()
  session.login(login)
  return { code: `CAPABILITY ${session.capabilities}`, text: 'logged in' }
}
