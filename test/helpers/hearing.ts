import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TestContext } from 'node:test'

/** A request that came to a server of this process, and how it was answered. */
export type Heard = {
  readonly method: string
  readonly target: string
  readonly fields: IncomingMessage['headers']
  readonly status: number
  readonly length: string
}

const channel = 'http.server.response.finish'

/** Hears of every request that any HTTP server of this process has answered, whoever it belongs to. */
export function hearing(test: TestContext) {
  const heard = new Map<number, Heard[]>()
  const told = new EventEmitter()
  const listen = (event: unknown): void => {
    const { request, response } = event as { request: IncomingMessage; response: ServerResponse }
    const port = request.socket.localPort ?? 0
    const list = heard.get(port) ?? []
    heard.set(port, list)
    list.push({
      method: request.method ?? '',
      target: request.url ?? '',
      fields: request.headers,
      status: response.statusCode,
      length: String(response.getHeader('content-length') ?? ''),
    })
    told.emit('heard')
  }
  subscribe(channel, listen)
  test.after(() => unsubscribe(channel, listen))

  /** What came to a port, once it is so much; it is not told again. */
  const take = async (port: number, isEnough: (heard: readonly Heard[]) => boolean) => {
    while (!isEnough(heard.get(port) ?? [])) await once(told, 'heard')
    return heard.get(port)?.splice(0) ?? []
  }
  return { take }
}
