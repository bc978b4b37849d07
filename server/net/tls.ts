import { readFile } from 'node:fs/promises'
import { createSecureContext, type SecureContext } from 'node:tls'
import { type AuthorityOptions, ephemeralCertificate, serverCertificate } from './authority.ts'

/** Gives what a TLS server needs; made at the first call, so that a start without TLS costs nothing. */
export type SecureContextSource = () => Promise<SecureContext>

export type TlsOptions = AuthorityOptions & {
  /** PEM files that replace the authority (`--tls-cert`, `--tls-key`): both, or neither. */
  readonly tlsCert: string | null
  readonly tlsKey: string | null
}

/**
 * The secure context of every front-end. Files given by the user are read now, and rejected where they cannot be used;
 * a certificate of ours is read, or made, when the first client asks for TLS.
 */
export async function openSecureContext(options: TlsOptions): Promise<SecureContextSource> {
  const { tlsCert, tlsKey } = options
  if (tlsCert !== null && tlsKey !== null) {
    const context = await readContext(tlsCert, tlsKey)
    return async () => context
  }
  let context: Promise<SecureContext> | undefined
  return () => {
    if (!context) {
      context = ownContext(options)
      // The next client tries again.
      context.catch(() => {
        context = undefined
      })
    }
    return context
  }
}

async function readContext(tlsCert: string, tlsKey: string): Promise<SecureContext> {
  try {
    const [cert, key] = await Promise.all([readFile(tlsCert), readFile(tlsKey)])
    return createSecureContext({ cert, key })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`cannot use the certificate ${tlsCert} with the key ${tlsKey}: ${reason}`, {
      cause: error,
    })
  }
}

async function ownContext(options: AuthorityOptions): Promise<SecureContext> {
  const pem = await serverCertificate(options).catch(error => {
    const reason = error instanceof Error ? error.message : String(error)
    options.log.warn(
      `cannot use the certificates in ${options.directory} (${reason}): using one that lives as long as this process`,
    )
    return ephemeralCertificate(options.names)
  })
  return createSecureContext({ cert: pem, key: pem })
}
