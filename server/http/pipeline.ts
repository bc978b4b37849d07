import type { Duplex } from 'node:stream'

/** Requests of one connection that may lie behind the one under way. */
export const mostWaiting = 100

/**
 * Takes what a connection asks one at a time, in its order, which is also the order of the answers (RFC 9112 §9.3.2).
 * Node hands over all that lies in a client's pipeline at once: a connection that reads nothing would have thousands of
 * answers made for it, each of them held in memory. `take` begins with one, and calls back when it is done; who sends
 * far more than is taken is cut off.
 */
export function inTurn(): (socket: Duplex, take: (done: () => void) => void) => void {
  const lines = new WeakMap<Duplex, ((done: () => void) => void)[]>()

  return (socket, take) => {
    if (socket.destroyed) return
    const line = lines.get(socket)
    if (line) {
      if (line.length < mostWaiting) line.push(take)
      else socket.destroy()
      return
    }
    const waiting: ((done: () => void) => void)[] = []
    lines.set(socket, waiting)
    const begin = (next: (done: () => void) => void): void =>
      next(() => {
        const following = socket.destroyed ? undefined : waiting.shift()
        if (following) begin(following)
        else lines.delete(socket)
      })
    begin(take)
  }
}
