import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import type { SaslExchange } from './exchange.ts'
import { saslprep } from './saslprep.ts'

/** "Servers SHOULD announce a hash iteration-count of at least 4096" (RFC 7677 §4). */
const ITERATIONS = 4_096
const MAX_KEYS = 100

/** What a server keeps of a password (RFC 5802 §3). */
type Keys = {
  readonly salt: Buffer
  readonly storedKey: Buffer
  readonly serverKey: Buffer
}

/** One for each password, since deriving it takes milliseconds on purpose: of the last ones that were asked for. */
const keysByPassword = new Map<string, Keys>()

/**
 * SCRAM-SHA-256 (RFC 7677, RFC 5802 §5): the client proves that it knows the password without sending it, and learns
 * that the server does. Without channel binding. Whom the password belongs to is not asked here.
 */
export function* scramSha256(
  passwordOf: (user: string) => string,
  initial: Buffer | null,
): SaslExchange {
  const clientFirst = readClientFirst((initial ?? (yield Buffer.alloc(0))).toString('utf8'))
  if (!clientFirst) return null
  const keys = keysOf(passwordOf(clientFirst.user))
  const nonce = `${clientFirst.nonce}${randomBytes(18).toString('base64')}`
  const serverFirst = `r=${nonce},s=${keys.salt.toString('base64')},i=${ITERATIONS}`

  const clientFinal = (yield Buffer.from(serverFirst)).toString('utf8')
  const { bare, proof, binding, nonce: answered } = readClientFinal(clientFinal) ?? {}
  if (!proof || binding !== clientFirst.gs2Header || answered !== nonce) return null
  const authMessage = `${clientFirst.bare},${serverFirst},${bare}`
  const isProven = isProof(proof, keys, authMessage)
  if (isProven) {
    const signature = hmac(keys.serverKey, authMessage).toString('base64')
    // IMAP has no place for it in the OK: it is a challenge that the client answers with nothing.
    yield Buffer.from(`v=${signature}`)
  }
  return { mechanism: 'SCRAM-SHA-256', user: clientFirst.user, isProven }
}

/** `n,,n=user,r=nonce`; null where it asks for channel binding, or for what we do not know. */
function readClientFirst(message: string) {
  const match = /^([ny],(?:a=([^,\0]*))?,)(n=([^,\0]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/.exec(
    message,
  )
  const [, gs2Header = '', authorisation = '', bare = '', name = '', nonce = ''] = match ?? []
  const user = saslName(name)
  const other = saslName(authorisation)
  if (!match || !user || other === null || (other !== '' && other !== user)) return null
  return { gs2Header, bare, user, nonce }
}

/** `c=biws,r=nonce,p=proof`; `bare` is all but the proof. */
function readClientFinal(message: string) {
  const match = /^(c=([A-Za-z0-9+/=]+),r=([^,]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)$/.exec(message)
  if (!match) return null
  const [, bare = '', channel = '', nonce = '', proof = ''] = match
  const binding = Buffer.from(channel, 'base64').toString('utf8')
  return { bare, binding, nonce, proof: Buffer.from(proof, 'base64') }
}

/** RFC 5802 §5.1: `=2C` is a comma, `=3D` an equals sign, and no other `=` may be there. */
function saslName(text: string): string | null {
  if (/=(?!2C|3D)/.test(text)) return null
  return text.replace(/=2C/g, ',').replace(/=3D/g, '=')
}

/** RFC 5802 §3: the proof hides the client's key behind a signature that we can make too. */
function isProof(proof: Buffer, { storedKey }: Keys, authMessage: string): boolean {
  const signature = hmac(storedKey, authMessage)
  if (proof.length !== signature.length) return false
  const clientKey = signature.map((octet, at) => octet ^ (proof[at] as number))
  return timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey)
}

function keysOf(password: string): Keys {
  let keys = keysByPassword.get(password)
  if (!keys) {
    const salt = randomBytes(16)
    const salted = pbkdf2Sync(saslprep(password) ?? password, salt, ITERATIONS, 32, 'sha256')
    const clientKey = hmac(salted, 'Client Key')
    keys = {
      salt,
      storedKey: createHash('sha256').update(clientKey).digest(),
      serverKey: hmac(salted, 'Server Key'),
    }
    if (keysByPassword.size >= MAX_KEYS) keysByPassword.clear()
    keysByPassword.set(password, keys)
  }
  return keys
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
