import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { HttpProblem } from './problem.ts'

export type Credentials = { readonly user: string; readonly password: string }

/**
 * Makes the function that lets in whoever knows the password: by Basic (RFC 7617), by `Bearer PASSWORD` (RFC 6750
 * §2.1), or by the cookie that an earlier answer set, since browsers do not send Basic credentials with a WebSocket.
 * It answers the Set-Cookie value that the response should carry, if any, and throws the 401.
 */
export function authenticator(
  credentials: Credentials | null,
  basePath: string,
): (request: IncomingMessage) => string | null {
  if (credentials === null) return () => null
  // Compared by keyed hash: neither the time nor the length of the comparison tells anything.
  const key = randomBytes(32)
  const hash = (text: string) => createHmac('sha256', key).update(text, 'utf8').digest()
  const basic = hash(`${credentials.user}:${credentials.password}`)
  const bearer = hash(credentials.password)
  const session = randomBytes(32).toString('base64url')
  const cookie = hash(session)

  return request => {
    const name = cookieName(request)
    const [scheme, text] = authorization(request)
    if (scheme === 'basic') {
      const given = Buffer.from(text, 'base64').toString('utf8')
      if (timingSafeEqual(hash(given), basic)) {
        // What came by TLS is not said again without.
        const secure = 'encrypted' in request.socket ? '; Secure' : ''
        return `${name}=${session}; Path=${basePath}; HttpOnly; SameSite=Strict${secure}`
      }
    } else if (scheme === 'bearer') {
      if (timingSafeEqual(hash(text), bearer)) return null
    } else if (timingSafeEqual(hash(cookieValue(request, name)), cookie)) {
      return null
    }
    throw new HttpProblem(401, 'This needs the user and password that --auth was given.', {
      headers: { 'www-authenticate': 'Basic realm="Mailcatch", charset="UTF-8"' },
    })
  }
}

function authorization(request: IncomingMessage): [string, string] {
  const match = /^(\S+) +(.+)$/.exec(request.headers.authorization ?? '')
  // Node reads header octets as Latin-1; a password beyond ASCII is UTF-8 (RFC 7617 §2.1).
  return [match?.[1]?.toLowerCase() ?? '', Buffer.from(match?.[2] ?? '', 'latin1').toString('utf8')]
}

/** Cookies do not tell ports apart, so the name has to: two instances on one machine stay out of each other's way. */
const cookieName = (request: IncomingMessage): string =>
  `mailcatch_${request.socket.localPort ?? 0}`

function cookieValue(request: IncomingMessage, name: string): string {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim()
  }
  return ''
}
