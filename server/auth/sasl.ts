import { createHash, createHmac } from 'node:crypto'
import { acceptsCredentials, type Credentials, isSameText } from './credentials.ts'

/** What a client proved itself with, once the exchange of its mechanism is read. */
export type SaslResponse =
  /** RFC 4616, and LOGIN, which no RFC describes. */
  | { readonly mechanism: 'PLAIN' | 'LOGIN'; readonly user: string; readonly password: string }
  /** RFC 2195: `digest` is 32 hexadecimal digits. */
  | {
      readonly mechanism: 'CRAM-MD5'
      readonly user: string
      readonly challenge: string
      readonly digest: string
    }
  /** RFC 7628 and Google's forerunner of it: here the token is the password. */
  | {
      readonly mechanism: 'XOAUTH2' | 'OAUTHBEARER'
      readonly user: string
      readonly token: string
    }
  /** RFC 7677: whether the client knows the password that is set was found out on the way. */
  | { readonly mechanism: 'SCRAM-SHA-256'; readonly user: string; readonly isProven: boolean }
  /** POP3's own (RFC 1939 §7): `digest` is 32 hexadecimal digits. */
  | {
      readonly mechanism: 'APOP'
      readonly user: string
      readonly timestamp: string
      readonly digest: string
    }

/** Whether the response proves the credentials that are set; any does where none are. */
export function acceptsSasl(expected: Credentials | null, response: SaslResponse): boolean {
  if (!expected) return true
  switch (response.mechanism) {
    case 'PLAIN':
    case 'LOGIN':
      return acceptsCredentials(expected, response)
    case 'XOAUTH2':
    case 'OAUTHBEARER':
      return acceptsCredentials(expected, { user: response.user, password: response.token })
    case 'CRAM-MD5':
      return acceptsCredentials(
        { user: expected.user, password: cramMd5(expected.password, response.challenge) },
        { user: response.user, password: response.digest.toLowerCase() },
      )
    case 'SCRAM-SHA-256':
      return response.isProven && isSameText(expected.user, response.user)
    case 'APOP':
      return acceptsCredentials(
        { user: expected.user, password: md5(`${response.timestamp}${expected.password}`) },
        { user: response.user, password: response.digest.toLowerCase() },
      )
  }
}

/**
 * Finds the credentials of a login that has its own, as an inbox of the API does: undefined where it has none, null where
 * nobody may log in with it.
 */
export type OwnCredentials = (user: string) => Credentials | null | undefined

/** Whether a client of SMTP may log in: with a login's own credentials, or else as `acceptsSasl` has it. */
export function acceptsSender(
  expected: Credentials | null,
  response: SaslResponse,
  ownCredentials: OwnCredentials,
): boolean {
  const own = ownCredentials(response.user)
  return own === undefined
    ? acceptsSasl(expected, response)
    : own !== null && acceptsSasl(own, response)
}

/**
 * The login whose account a client of POP3 or IMAP opens: an address opens its own, `''` is the catch-all; null where the
 * response proves nothing. With credentials set their user opens the catch-all, and any address with the same password
 * its own account; without, any password is right. A login with credentials of its own needs those.
 */
export function openedLogin(
  expected: Credentials | null,
  response: SaslResponse,
  ownCredentials: OwnCredentials,
): string | null {
  const { user } = response
  const own = ownCredentials(user)
  if (own !== undefined) return own && acceptsSasl(own, response) ? user : null
  const isOwnAccount = user.includes('@') && user !== expected?.user
  const wanted = expected && isOwnAccount ? { ...expected, user } : expected
  if (!acceptsSasl(wanted, response)) return null
  return isOwnAccount ? user : ''
}

/** Keyed MD5 of the challenge, as lower-case hexadecimal digits (RFC 2195 §2; the keyed MD5 there is HMAC). */
export function cramMd5(password: string, challenge: string): string {
  return createHmac('md5', password).update(challenge).digest('hex')
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
