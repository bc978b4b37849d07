import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { SecureContextSource } from './tls.ts'

/**
 * Begins TLS on a connection, as its server. `protocol` is what ALPN calls us (RFC 7301): a client that offers nothing but
 * others, such as a browser that was sent here, is refused. Rejects where the handshake fails; then the connection is gone.
 */
export async function secureSocket(
  socket: Socket,
  source: SecureContextSource,
  protocol: string,
): Promise<TLSSocket> {
  const secureContext = await source()
  return new Promise((resolve, reject) => {
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext,
      ALPNProtocols: [protocol],
    })
    secured.once('secure', () => resolve(secured))
    secured.on('error', error => {
      reject(error)
      secured.destroy()
    })
    secured.once('close', () => reject(new Error('the client left before TLS had begun')))
  })
}
