import type { IncomingMessage } from 'node:http'
import { Hono } from 'hono'
import { authenticator } from './auth.ts'
import type { HttpContext } from './context.ts'
import { gate, type Passed } from './gate.ts'
import { putDefaultHeaders } from './headers.ts'
import { isNavigable, mountPage } from './page.ts'
import { HttpProblem, problemOf } from './problem.ts'
import { type App, type Bindings, mount } from './route.ts'
import { routes } from './routes.ts'

/** What is asked by a supervisor, who has no password. Exactly these, as they stand in the request. */
const openPaths = ['/livez', '/readyz']

/** Lets a request through, or an upgrade, or throws the HttpProblem that refuses it. */
export type Guard = (request: IncomingMessage) => Passed & { readonly setCookie: string | null }

/** The gate and the password together: everything passes here, whatever its path. */
export function createGuard(http: HttpContext): Guard {
  const authenticate = authenticator(http.auth, http.basePath)
  return request => {
    const passed = gate(request, http)
    const path = pathBelow(http.basePath, request.url ?? '')
    if (passed.onlyPages !== null && !(path !== null && isNavigable(path))) {
      throw new HttpProblem(403, passed.onlyPages)
    }
    // A preflight carries no credentials, and is told nothing.
    const isOpen = request.method === 'OPTIONS' || (path !== null && openPaths.includes(path))
    return { ...passed, setCookie: isOpen ? null : authenticate(request) }
  }
}

/** The path below the base path, exactly as it was sent; null where it lies elsewhere. */
function pathBelow(basePath: string, target: string): string | null {
  const path = target.split('?', 1)[0] ?? ''
  return path.startsWith(basePath) ? path.slice(basePath.length - 1) : null
}

/** Every route on one app, without the guard. */
export function createApp(http: HttpContext): App {
  const app = new Hono<{ Bindings: Bindings }>()
  app.onError(error => problemOf(error, http.log).toResponse())
  app.notFound(() => new HttpProblem(404, 'There is nothing at this address.').toResponse())
  mount(app, routes, http)
  mountPage(app, http)
  return app
}

/** The one wrapper around the app: the guard before it, the header fields after it, errors become answers. */
export function createFetch(http: HttpContext, guard: Guard, isClosing: () => boolean) {
  const app = createApp(http)
  return async (request: Request, bindings: Bindings): Promise<Response> => {
    let response: Response
    try {
      const { crossOrigin, onlyPages, setCookie } = guard(bindings.incoming)
      response =
        bindings.incoming.method === 'OPTIONS'
          ? new Response(null, { status: 204 })
          : await app.fetch(request, { ...bindings, isForeignLink: onlyPages !== null })
      // Where an answer does not say otherwise, no cache keeps it; a session is not for those to keep either.
      const isStored = response.headers.has('cache-control')
      if (setCookie !== null && !isStored) response.headers.append('set-cookie', setCookie)
      if (crossOrigin !== null) putCorsHeaders(response.headers, crossOrigin)
    } catch (error) {
      response = problemOf(error, http.log).toResponse()
    }
    putDefaultHeaders(response.headers)
    if (isClosing()) response.headers.set('connection', 'close')
    return response
  }
}

/** Lets the page of an allowed origin read the answer, and tells its preflight what it may ask. */
function putCorsHeaders(headers: Headers, origin: string): void {
  headers.set('access-control-allow-origin', origin)
  headers.set('access-control-allow-methods', 'GET, HEAD, POST, PATCH, DELETE')
  headers.set('access-control-allow-headers', 'authorization, content-type')
  headers.set('access-control-expose-headers', 'content-disposition, location')
  headers.set('access-control-max-age', '600')
}
