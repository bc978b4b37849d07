import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Wire } from './wire.ts'

const PIECE = 64 * 1024

/**
 * Sends the same octets again and again, as fast as they are taken, until so many are sent or the server closes.
 * Resolves with how many were.
 */
export async function flood(
  wire: Wire,
  octets: number,
  piece: Buffer = Buffer.alloc(PIECE, 'x'),
): Promise<number> {
  let isOver = false
  void wire.over().then(() => {
    isOver = true
  })
  let sent = 0
  while (sent < octets && !isOver) {
    await wire.writeAll(piece)
    sent += piece.length
  }
  return sent
}

/**
 * A server without any limit, to show what an attack is worth: it keeps what it is sent, and for each `\n` answers with so
 * many octets at once, whether they are read or not.
 */
export async function startNaive(
  t: { after(end: () => Promise<void>): void },
  { answer = 0 }: { readonly answer?: number } = {},
) {
  const sockets = new Set<Socket>()
  const chunks: Buffer[] = []
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', chunk => {
      chunks.push(chunk)
      const lines = answer > 0 ? chunk.toString('latin1').split('\n').length - 1 : 0
      for (let line = 0; line < lines; line++) socket.write(Buffer.alloc(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return {
    port: (server.address() as AddressInfo).port,
    /** How many connections it has taken. */
    connections: () => sockets.size,
    /** Octets that it holds: what came, and what waits to be read by those who asked. */
    held: () =>
      chunks.reduce((sum, chunk) => sum + chunk.length, 0) +
      [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0),
  }
}
