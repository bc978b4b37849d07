import { createPrivateKey, KeyObject, randomBytes, webcrypto, X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
// tsyringe, the injector of @peculiar/x509, refuses to load without it.
import 'reflect-metadata'
import * as x509 from '@peculiar/x509'
import { encodeNameConstraints } from './name-constraints.ts'

/**
 * Makes certificates: the only user of @peculiar/x509, which takes 60 ms to load, so come here by `import()`, and only
 * when a certificate must be made. A certificate with its key is one PEM text: the key, the certificate, its issuer's.
 */

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const DAY = 86_400_000
const AUTHORITY_DAYS = 3650
/** The most that browsers take. */
const LEAF_DAYS = 397

/** Makes an authority that can vouch for these host names and IP addresses only. */
export async function makeAuthority(names: readonly string[]): Promise<string> {
  const keys = await makeKeys()
  const serialNumber = makeSerialNumber()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber,
    // The number tells the authorities of several machines apart in a trust store.
    name: `CN=Mailcatch CA ${serialNumber.slice(-8)}, O=Mailcatch`,
    ...validity(AUTHORITY_DAYS),
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.Extension('2.5.29.30', true, Uint8Array.from(encodeNameConstraints(names))),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return toPem(keys.privateKey, certificate.toString('pem'))
}

/** Makes a server's certificate for names that the authority permits. */
export async function makeLeaf(authority: string, names: readonly string[]): Promise<string> {
  const issuer = new x509.X509Certificate(new X509Certificate(authority).raw)
  const keys = await makeKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: makeSerialNumber(),
    subject: 'CN=localhost, O=Mailcatch',
    issuer: issuer.subjectName,
    ...validity(LEAF_DAYS),
    publicKey: keys.publicKey,
    signingKey: await readSigningKey(authority),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map(name => ({
          type: isIP(name) === 0 ? ('dns' as const) : ('ip' as const),
          value: name,
        })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return toPem(keys.privateKey, certificate.toString('pem'), issuer.toString('pem'))
}

const makeKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])

function readSigningKey(authority: string) {
  const key = createPrivateKey(authority).export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', key, ALGORITHM, false, ['sign'])
}

/** A positive number of 127 bits (RFC 5280 §4.1.2.2). */
function makeSerialNumber(): string {
  const octets = randomBytes(16)
  octets[0] = ((octets[0] ?? 0) & 0x7f) | 0x40
  return octets.toString('hex')
}

/** A day of it lies behind, for clients whose clock is late. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const notBefore = Date.now() - DAY
  return { notBefore: new Date(notBefore), notAfter: new Date(notBefore + days * DAY) }
}

function toPem(privateKey: webcrypto.CryptoKey, ...certificates: readonly string[]): string {
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()
  return [key, ...certificates].map(block => `${block.trim()}\n`).join('')
}
