import type { Socket } from 'node:net'

/** Octets that may wait in memory for a client. */
const room = 64 * 1024

/** The connection is gone: there is nobody left to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/**
 * Writes no faster than the client reads: resolves when there is room for more. What is written to a corked socket goes
 * out in one go when room is short. Breaks off with a client that takes nothing for `patience` milliseconds. Text is
 * ASCII. Rejects with ClientGone.
 */
export async function pacedWrite(
  socket: Socket,
  data: Uint8Array | string,
  patience: number,
): Promise<void> {
  if (socket.destroyed) throw new ClientGone()
  socket.write(data, 'latin1')
  if (socket.writableLength < room) return
  while (socket.writableCorked > 0) socket.uncork()
  if (socket.writableNeedDrain) await drained(socket, patience)
}

/** The time-out of a socket looks at what the system took of a write that is under way, too. */
function drained(socket: Socket, patience: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      socket.off('drain', settle)
      socket.off('close', settle)
      socket.setTimeout(0, giveUp)
      if (socket.destroyed) reject(new ClientGone())
      else resolve()
    }
    const giveUp = () => socket.destroy()
    socket.setTimeout(patience, giveUp)
    socket.on('drain', settle)
    socket.on('close', settle)
  })
}
