import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener, RequestError } from '@hono/node-server'
import { Checker } from '../checks/checker.ts'
import { idsOf } from '../store/id-set.ts'
import { createFetch, createGuard } from './app.ts'
import type { HttpContext } from './context.ts'
import { putDefaultHeaders } from './headers.ts'
import { Live } from './live.ts'
import { OneByOne } from './one-by-one.ts'
import { HttpProblem, problemOf } from './problem.ts'
import type { Bindings } from './route.ts'
import { upgradeHandler } from './upgrade.ts'
import { Patients } from './wait/patience.ts'
import { Waiters } from './wait/waiters.ts'

/** What answers requests and upgrades, behind the sockets. */
export type Service = {
  respond(request: IncomingMessage, response: ServerResponse): void
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Whether a socket has become a WebSocket. */
  isWebSocket(socket: Duplex): boolean
  /** Ends the event streams, and answers who waits; answers say from now on that their connection closes. */
  close(): void
  /** Ends the workers, once nobody waits for an answer any more. */
  end(): Promise<void>
}

/** Puts the app, the guard and the event stream together for a server. */
export function createService(
  server: Server,
  context: Omit<HttpContext, 'live' | 'waiters' | 'patients' | 'checker' | 'selecting'>,
): Service {
  const { store } = context
  const checker = new Checker()
  const unsubscribe = store.subscribe(({ changes }) => {
    for (const change of changes) {
      if (change.type === 'message.removed') checker.forget(idsOf(change.ids))
    }
  })
  const http: HttpContext = {
    ...context,
    live: new Live(store),
    waiters: new Waiters(store),
    patients: new Patients(),
    checker,
    selecting: new OneByOne(),
  }
  let isClosing = false
  const guard = createGuard(http)
  const answer = createFetch(http, guard, () => isClosing)
  const respond = getRequestListener(
    (request, bindings) => answer(request, bindings as unknown as Bindings),
    {
      overrideGlobalObjects: false,
      errorHandler: error => {
        // Before there is a Request: a target or Host that makes no URL.
        const isUrl = !(error instanceof RequestError)
        const problem = isUrl ? problemOf(error, http.log) : new HttpProblem(400, error.message)
        const response = problem.toResponse()
        putDefaultHeaders(response.headers)
        return response
      },
    },
  )
  const upgrades = upgradeHandler(server, http, guard)
  return {
    respond: (request, response) => void respond(request, response),
    upgrade: upgrades.handle,
    isWebSocket: upgrades.has,
    close() {
      isClosing = true
      http.live.close()
      http.patients.close()
      http.waiters.close()
      upgrades.close()
    },
    end() {
      unsubscribe()
      return checker.close()
    },
  }
}
