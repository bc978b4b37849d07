import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Milliseconds that an answer may take. */
const PATIENCE = 15_000

/** A request as it goes over the wire; what it says of itself is the caller's business. */
export const request = (line: string, fields: readonly string[] = [], body = ''): string =>
  `${line} HTTP/1.1\r\n${['Host: localhost', ...fields].join('\r\n')}\r\n\r\n${body}`

/** A connection that never minds how it ends. */
export async function openTo(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  socket.on('error', () => {})
  await Promise.race([once(socket, 'connect'), once(socket, 'close')])
  return socket
}

/** Sends octets as they are. Resolves with all that comes until the server closes, or `isEnough` says so. */
export async function exchange(
  port: number,
  octets: string,
  isEnough: (answer: string) => boolean = () => false,
): Promise<string> {
  const socket = await openTo(port)
  let answer = ''
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no end of ${JSON.stringify(answer.slice(0, 300))}`)),
      PATIENCE,
    )
    const end = () => {
      clearTimeout(timer)
      resolve()
    }
    socket.setEncoding('latin1').on('data', chunk => {
      answer += chunk
      if (isEnough(answer)) end()
    })
    socket.once('close', end)
    socket.write(octets, 'latin1')
  })
  await closeAll([socket])
  return answer
}

/** The status codes of answers that follow each other. */
export const statusesOf = (answers: string): number[] =>
  [...answers.matchAll(/HTTP\/1\.1 (\d{3}) [A-Z]/g)].map(([, status]) => Number(status))

/** Breaks connections off, and waits until they are gone. */
export async function closeAll(sockets: Iterable<Socket>): Promise<void> {
  await Promise.all(
    [...sockets].map(async socket => {
      if (socket.closed) return
      const closed = new Promise(resolve => socket.once('close', resolve))
      socket.destroy()
      await closed
    }),
  )
}

/** Many connections at once. */
export const openMany = (port: number, count: number): Promise<Socket[]> =>
  Promise.all(Array.from({ length: count }, () => openTo(port)))
