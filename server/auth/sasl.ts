import { createHmac } from 'node:crypto'
import { acceptsCredentials, type Credentials } from './credentials.ts'

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
  /** Google's forerunner of RFC 7628: here the token is the password. */
  | { readonly mechanism: 'XOAUTH2'; readonly user: string; readonly token: string }

/** Whether the response proves the credentials that are set; any does where none are. */
export function acceptsSasl(expected: Credentials | null, response: SaslResponse): boolean {
  if (!expected) return true
  switch (response.mechanism) {
    case 'PLAIN':
    case 'LOGIN':
      return acceptsCredentials(expected, response)
    case 'XOAUTH2':
      return acceptsCredentials(expected, { user: response.user, password: response.token })
    case 'CRAM-MD5':
      return acceptsCredentials(
        { user: expected.user, password: cramMd5(expected.password, response.challenge) },
        { user: response.user, password: response.digest.toLowerCase() },
      )
  }
}

/** Keyed MD5 of the challenge, as lower-case hexadecimal digits (RFC 2195 §2; the keyed MD5 there is HMAC). */
export function cramMd5(password: string, challenge: string): string {
  return createHmac('md5', password).update(challenge).digest('hex')
}
