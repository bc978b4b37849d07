import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { putDefaultHeaders } from './headers.ts'
import type { HttpProblem } from './problem.ts'

/** Answers a problem on a socket that no response belongs to (a refused upgrade, malformed HTTP), and ends it. */
export function answerRaw(socket: Duplex, problem: HttpProblem): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const body = Buffer.from(JSON.stringify(problem))
  const { headers } = problem.toResponse()
  putDefaultHeaders(headers)
  headers.set('connection', 'close')
  headers.set('content-length', `${body.length}`)
  const fields = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.on('error', () => socket.destroy())
  socket.once('finish', () => socket.destroy())
  socket.end(
    Buffer.concat([
      Buffer.from(
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${fields}\r\n`,
        'latin1',
      ),
      body,
    ]),
  )
}
