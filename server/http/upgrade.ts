import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Guard } from './app.ts'
import type { HttpContext } from './context.ts'
import { readUpgrade } from './events.ts'
import { socketReader } from './live.ts'
import { HttpProblem, problemOf } from './problem.ts'
import { answerRaw } from './raw-answer.ts'

/** Makes what answers `upgrade`: the event stream as a WebSocket, behind the same guard as every request. */
export function upgradeHandler(server: Server, http: HttpContext, guard: Guard) {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: 65_536,
    perMessageDeflate: false,
    // Of a reader that does not even take the close frame; not in the types yet.
    ...{ closeTimeout: 2_000 },
  })
  sockets.on('wsClientError', (error, socket) =>
    answerRaw(socket, new HttpProblem(400, `This is no WebSocket handshake: ${error.message}`)),
  )

  const upgraded = new WeakSet<Duplex>()

  return {
    /** Whether a socket became a WebSocket. */
    has: (socket: Duplex): boolean => upgraded.has(socket),
    handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      if (request.headers.upgrade?.toLowerCase() !== 'websocket') {
        withoutUpgrade(server, request, socket, head)
        return
      }
      const onError = () => socket.destroy()
      socket.on('error', onError)
      try {
        guard(request)
        const { after } = readUpgrade(request.url ?? '', http.basePath)
        sockets.handleUpgrade(request, socket, head, webSocket => {
          socket.off('error', onError)
          upgraded.add(socket)
          http.live.add(socketReader(webSocket, http.live), after)
        })
      } catch (error) {
        answerRaw(socket, problemOf(error, http.log))
      }
    },
    close: () => sockets.close(),
  }
}

/**
 * An offer of another protocol may be ignored (RFC 9110 §7.8), and some clients make one with every request: Java's
 * HttpClient offers h2c. Node has taken its parser away by then, so the request goes through a new one, without the
 * offer.
 */
function withoutUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`]
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at] as string
    const value = request.rawHeaders[at + 1] as string
    if (/^(?:upgrade|http2-settings)$/i.test(name)) continue
    lines.push(`${name}: ${name.toLowerCase() === 'connection' ? withoutOffer(value) : value}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit('connection', socket)
}

/** The options of a Connection field (RFC 9110 §7.6.1) but those that belong to the offer. */
const withoutOffer = (value: string): string =>
  value
    .split(',')
    .filter(option => !/^(?:upgrade|http2-settings)$/i.test(option.trim()))
    .join(',')
