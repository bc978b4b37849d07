import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../../server/log.ts'
import { authorityCertificate, serverCertificate } from '../../server/net/authority.ts'

export type Certificates = {
  /** PEM: what a client is to trust. */
  readonly ca: string
  /** PEM: key and certificate for localhost, 127.0.0.1 and ::1. */
  readonly server: string
  remove(): void
}

/** An authority of its own and a certificate by it, in a new folder. */
export async function makeCertificates(): Promise<Certificates> {
  const directory = mkdtempSync(join(tmpdir(), 'mailcatch-certificates-'))
  const options = { directory, memory: false, names: [], log: createLog('quiet') }
  const ca = await authorityCertificate(options)
  await serverCertificate(options)
  // A reference server may run as someone else, and so may what a client starts.
  chmodSync(directory, 0o755)
  chmodSync(ca, 0o644)
  return {
    ca,
    server: join(directory, 'server.pem'),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
