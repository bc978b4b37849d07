import { createPrivateKey, randomUUID, X509Certificate } from 'node:crypto'
import { constants } from 'node:fs'
import { copyFile, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { domainToASCII } from 'node:url'
import type { Log } from '../log.ts'
import { permitsName } from './name-constraints.ts'

/**
 * The certificate authority of this installation and the certificate that its servers show. One authority serves every
 * data directory, so that a person has to trust it only once. In its directory:
 *
 *     authority.pem   key and certificate of the authority: secret
 *     ca.pem          its certificate: to be put into a trust store
 *     server.pem      key and certificate of the servers, then the authority's
 */

const AUTHORITY = 'authority.pem'
const AUTHORITY_CERTIFICATE = 'ca.pem'
const SERVER = 'server.pem'

// No `*.localhost`: Thunderbird and Firefox take a certificate for malformed that has a wildcard right below a
// top-level name where its authority has name constraints (SEC_ERROR_BAD_DER).
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']
const DAY = 86_400_000
const RENEWAL = 30 * DAY

export type AuthorityOptions = {
  /** See `configDirectory`. */
  readonly directory: string
  /** Write nothing: use what is there, else make it for this process alone. */
  readonly memory: boolean
  /** Host names and addresses beside the loopback ones (`--allow-host`). */
  readonly names: readonly string[]
  readonly log: Log
}

/** Where the authority lies: in the user's place for configuration, not in the data directory. */
export function configDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  // The specification ignores a relative path: basedirs, "If an implementation encounters a relative path".
  const xdg = env.XDG_CONFIG_HOME
  if (xdg?.startsWith('/')) return join(xdg, 'mailcatch')
  if (platform === 'win32') return join(env.APPDATA ?? homedir(), 'mailcatch')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'mailcatch')
  return join(homedir(), '.config', 'mailcatch')
}

/** The path of the certificate to trust, whose authority is made if there is none. */
export async function authorityCertificate(options: AuthorityOptions): Promise<string> {
  await openAuthority(options)
  return join(options.directory, AUTHORITY_CERTIFICATE)
}

/**
 * Key, certificate and issuer of this installation's servers as one PEM text: from the files, where they are there and
 * good, else made and kept. Rejects where the files can be neither used nor made.
 */
export async function serverCertificate(options: AuthorityOptions): Promise<string> {
  const authority = await openAuthority(options)
  const names = permittedNames(new X509Certificate(authority), options)
  const path = join(options.directory, SERVER)
  const kept = await readIfThere(path)
  if (kept !== undefined && isCurrent(kept, authority, names, options.log)) return kept

  const { makeLeaf } = await import('./certificate.ts')
  const made = await makeLeaf(authority, names)
  // Of two processes that come here at once the later one wins: both certificates are good.
  if (!options.memory) await writeWhole(path, made, temporary => rename(temporary, path))
  return made
}

/** The same, that nobody else can have trusted: made anew, kept nowhere. */
export async function ephemeralCertificate(names: readonly string[]): Promise<string> {
  const { makeAuthority, makeLeaf } = await import('./certificate.ts')
  const permitted = [...LOOPBACK_NAMES, ...hostNames(names)]
  return makeLeaf(await makeAuthority(permitted), permitted)
}

async function openAuthority({ directory, memory, names, log }: AuthorityOptions): Promise<string> {
  const path = join(directory, AUTHORITY)
  const kept = await readIfThere(path)
  if (kept !== undefined) {
    if (endsAfter(new X509Certificate(kept), RENEWAL)) return kept
    log.warn(`the certificate authority ${path} has expired: made a new one, to be trusted anew`)
    if (!memory) await rm(path, { force: true })
  }
  const { makeAuthority } = await import('./certificate.ts')
  const made = await makeAuthority([...LOOPBACK_NAMES, ...hostNames(names)])
  if (memory) return made

  await mkdir(directory, { recursive: true, mode: 0o700 })
  const authority = await createOrRead(path, made)
  const certificatePath = join(directory, AUTHORITY_CERTIFICATE)
  const certificate = new X509Certificate(authority).toString()
  await writeWhole(certificatePath, certificate, temporary => rename(temporary, certificatePath))
  return authority
}

/** The names of a server certificate. One that the authority's constraints do not permit would spoil all of it. */
function permittedNames(
  authority: X509Certificate,
  { directory, names, log }: AuthorityOptions,
): readonly string[] {
  const permitted = hostNames(names).filter(name => {
    const isPermitted = permitsName(authority, name)
    if (!isPermitted) {
      log.warn(
        `the certificate authority in ${directory} is older than --allow-host ${name} and cannot vouch for it: ` +
          'remove the directory to have a new one made',
      )
    }
    return isPermitted
  })
  return [...LOOPBACK_NAMES, ...permitted]
}

/** As certificates write them; what is neither a host name nor an address has no place in one. */
const hostNames = (names: readonly string[]): readonly string[] => [
  ...new Set(
    names
      .map(name => (isIP(name) === 0 ? domainToASCII(name) : name))
      .filter(name => isIP(name) !== 0 || /^[a-z0-9.-]+$/.test(name))
      .filter(name => !LOOPBACK_NAMES.includes(name)),
  ),
]

function isCurrent(server: string, authority: string, names: readonly string[], log: Log): boolean {
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(server)
    createPrivateKey(server)
  } catch {
    log.warn('the server certificate is damaged: made a new one')
    return false
  }
  const alternatives = certificate.subjectAltName?.split(', ') ?? []
  return (
    endsAfter(certificate, RENEWAL) &&
    certificate.verify(new X509Certificate(authority).publicKey) &&
    alternatives.length === names.length &&
    names.every(name =>
      isIP(name) === 0
        ? alternatives.includes(`DNS:${name}`)
        : certificate.checkIP(name) !== undefined,
    )
  )
}

const endsAfter = (certificate: X509Certificate, time: number): boolean =>
  Date.parse(certificate.validTo) > Date.now() + time

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Puts a file there, unless another process was first: then answers what that one wrote. */
async function createOrRead(path: string, content: string): Promise<string> {
  try {
    await writeWhole(path, content, temporary => linkOrCopy(temporary, path))
    return content
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readFile(path, 'utf8')
  }
}

/** A link appears whole or not at all; a file system that has none gets a copy. Both leave alone what is there. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    await copyFile(from, to, constants.COPYFILE_EXCL)
  }
}

/** Writes a file for its owner's eyes under a temporary name and puts it into place by `place`. */
async function writeWhole(
  path: string,
  content: string,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, content, { flag: 'wx', mode: 0o600 })
    await place(temporary)
  } finally {
    await rm(temporary, { force: true })
  }
}
