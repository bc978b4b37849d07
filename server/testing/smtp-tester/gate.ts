import { connect, createServer, type Server, type Socket } from 'node:net'

/**
 * The port that the app sends to, open at once although the server behind it has yet to start: one of this process, and
 * the only thing that is connected to. What the server says is handed on only when `told` has resolved: who has its 250
 * can rely on it that the handlers were called.
 */
export function openGate(
  port: number,
  { target, told }: { readonly target: Promise<number>; readonly told: () => Promise<void> },
): Server {
  const server = createServer({ noDelay: true }, near => {
    near.on('error', () => {}) // `close` follows
    target.then(
      to => join(near, connect({ port: to, host: '127.0.0.1', noDelay: true }), told),
      error => server.emit('error', error),
    )
  })
  return server.listen(port)
}

function join(near: Socket, far: Socket, told: () => Promise<void>): void {
  const end = () => {
    near.destroy()
    far.destroy()
  }
  for (const socket of [near, far]) {
    socket.on('error', () => {}) // `close` follows
    socket.on('close', end)
  }
  near.pipe(far)
  let before = Promise.resolve()
  far.on('data', octets => {
    before = before.then(told).then(() => {
      near.write(octets)
    }, end)
  })
}
