import { randomBytes } from 'node:crypto'
import type { SaslResponse } from './sasl.ts'

/**
 * One exchange of SASL as the server sees it (RFC 4422 §3): yields the octets of each challenge and is given those of the
 * client's answer; returns what the client proved itself with, or null where an answer is none. How challenges and
 * answers are written (in base64, mostly) and that `*` cancels is the protocol's.
 */
export type SaslExchange = Generator<Buffer, SaslResponse | null, Buffer>

export type SaslMechanism = Exclude<SaslResponse['mechanism'], 'APOP' | 'SCRAM-SHA-256'>

/** The mechanisms that any server of ours offers, the strongest first. */
export const saslMechanisms: readonly SaslMechanism[] = [
  'CRAM-MD5',
  'PLAIN',
  'LOGIN',
  'XOAUTH2',
  'OAUTHBEARER',
]

/** Begins an exchange. `initial` is the initial response, null where the client sent none (RFC 4954 §4, RFC 5034 §4). */
export function beginSasl(mechanism: SaslMechanism, initial: Buffer | null): SaslExchange {
  switch (mechanism) {
    case 'PLAIN':
      return plain(initial)
    case 'LOGIN':
      return login(initial)
    case 'CRAM-MD5':
      return cramMd5(initial)
    case 'XOAUTH2':
    case 'OAUTHBEARER':
      return bearer(mechanism, initial)
  }
}

/** `[authzid] NUL authcid NUL passwd` (RFC 4616 §2). */
function* plain(initial: Buffer | null): SaslExchange {
  const fields = (initial ?? (yield none)).toString('utf8').split('\0')
  const [, user, password] = fields
  if (fields.length !== 3 || !user || password === undefined) return null
  return { mechanism: 'PLAIN', user, password }
}

/** No RFC has it; the prompts are those that clients of old wait for. */
function* login(initial: Buffer | null): SaslExchange {
  const user = (initial ?? (yield Buffer.from('Username:'))).toString('utf8')
  const password = (yield Buffer.from('Password:')).toString('utf8')
  return user === '' ? null : { mechanism: 'LOGIN', user, password }
}

/** RFC 2195 §2. The client speaks second: an initial response is an error. */
function* cramMd5(initial: Buffer | null): SaslExchange {
  if (initial) return null
  const challenge = `<${randomBytes(12).toString('hex')}.${Date.now()}@mailcatch>`
  const answer = (yield Buffer.from(challenge)).toString('utf8')
  const space = answer.lastIndexOf(' ')
  const digest = answer.slice(space + 1)
  if (space < 1 || !/^[0-9a-f]{32}$/i.test(digest)) return null
  return { mechanism: 'CRAM-MD5', user: answer.slice(0, space), challenge, digest }
}

/** Fields between ^A: `user=` (or a GS2 header with `a=`), and `auth=Bearer token` (RFC 7628 §3.1). */
function* bearer(mechanism: 'XOAUTH2' | 'OAUTHBEARER', initial: Buffer | null): SaslExchange {
  const fields = (initial ?? (yield none)).toString('utf8').split('\x01')
  const token = fields.map(field => /^auth=Bearer (\S+)$/i.exec(field)?.[1]).find(Boolean)
  const user =
    mechanism === 'XOAUTH2'
      ? fields.map(field => /^user=(.+)$/.exec(field)?.[1]).find(Boolean)
      : saslName(/^[ny],a=([^,]+),$/.exec(fields[0] ?? '')?.[1])
  return user && token ? { mechanism, user, token } : null
}

/** RFC 5801 §4: `=2C` is a comma, `=3D` an equals sign. */
const saslName = (text: string | undefined): string | undefined =>
  text?.replace(/=2C/g, ',').replace(/=3D/g, '=')

const none = Buffer.alloc(0)
