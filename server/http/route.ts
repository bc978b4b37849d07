import type { IncomingMessage } from 'node:http'
import type { Hono } from 'hono'
import type * as z from 'zod'
import { readJson } from './body.ts'
import type { HttpContext } from './context.ts'
import { HttpProblem } from './problem.ts'
import { readQuery, readValue, type Shape, type Values } from './query.ts'

/** What an adapter hands to the app beside the request. */
export type Bindings = {
  readonly incoming: IncomingMessage
  /** It may be a link of another site that was followed: the user has not asked for what its address says. */
  readonly isForeignLink?: boolean
}
export type App = Hono<{ Bindings: Bindings }>

/** One call as its handler sees it: everything in it is validated. */
export type Call<P extends Shape, Q extends Shape, B extends z.ZodType> = {
  readonly path: Values<P>
  readonly query: Values<Q>
  readonly body: z.output<B>
  /** True where only the header fields of the answer will be sent. */
  readonly isHead: boolean
  /** It may be a link of another site that was followed. */
  readonly isForeignLink: boolean
  readonly incoming: IncomingMessage
  readonly http: HttpContext
}

/** An answer for the documentation; `schema` is its JSON, `type` its media type where it is something else. */
export type Answer = {
  readonly description: string
  readonly schema?: z.ZodType
  readonly types?: readonly string[]
  /** An error, whose document `schema` is. */
  readonly isProblem?: true
}

/** The chapters of the documentation, in their order. */
export const groups = ['Messages', 'Waiting', 'Inboxes', 'Changes', 'Server'] as const
export type Group = (typeof groups)[number]

/** A call of the API: what validates it documents it. */
export type Route = {
  readonly method: 'get' | 'post' | 'patch' | 'delete'
  /** As in OpenAPI: `/v1/messages/{id}`. */
  readonly path: string
  readonly summary: string
  readonly group: Group
  /**
   * A command line that works as it stands on the page at /v1/docs: there `'/` becomes the address of this server and
   * `{id}` the newest message's, `{inbox}` the newest inbox's.
   */
  readonly example: string
  readonly description?: string
  readonly parameters: Shape
  readonly query: Shape
  /** The JSON body, null where there is none or the handler reads it by itself. */
  readonly body: z.ZodType | null
  /** Media types of a body that is no JSON, or not only. */
  readonly bodyTypes: readonly string[]
  readonly answers: Readonly<Record<number, Answer>>
  readonly handle: (call: Call<Shape, Shape, z.ZodType>) => Response | Promise<Response>
}

/** Makes a Route; what is left out is empty. */
export function route<
  P extends Shape = Record<never, never>,
  Q extends Shape = Record<never, never>,
  B extends z.ZodType = z.ZodUndefined,
>(definition: {
  readonly method: Route['method']
  readonly path: string
  readonly summary: string
  readonly group: Group
  readonly example: string
  readonly description?: string
  readonly parameters?: P
  readonly query?: Q
  readonly body?: B
  readonly bodyTypes?: readonly string[]
  readonly answers: Route['answers']
  readonly handle: (call: Call<P, Q, B>) => Response | Promise<Response>
}): Route {
  return {
    parameters: {},
    query: {},
    body: null,
    bodyTypes: definition.body ? ['application/json'] : [],
    ...definition,
    handle: definition.handle as unknown as Route['handle'],
  }
}

/** Puts a table of routes on the app. A path that has no such method answers 405. */
export function mount(app: App, routes: readonly Route[], http: HttpContext): void {
  for (const each of routes) {
    app.on(each.method.toUpperCase(), honoPath(each.path, http.basePath), async context => {
      const path: Record<string, unknown> = Object.create(null)
      for (const [name, schema] of Object.entries(each.parameters)) {
        path[name] = readValue(name, schema, [context.req.param(name) ?? ''])
      }
      const { incoming, isForeignLink = false } = context.env
      const query = readQuery(each.query, new URL(context.req.url).search.slice(1))
      const body = each.body && (await readJson(incoming, each.body))
      return each.handle({
        path,
        query,
        body,
        isHead: context.req.method === 'HEAD',
        isForeignLink,
        incoming,
        http,
      })
    })
  }
  for (const path of new Set(routes.map(each => each.path))) {
    const allowed = routes.filter(each => each.path === path).map(each => each.method.toUpperCase())
    if (allowed.includes('GET')) allowed.push('HEAD')
    app.all(honoPath(path, http.basePath), context => {
      throw new HttpProblem(405, `${context.req.method} is not for this path.`, {
        headers: { allow: [...allowed, 'OPTIONS'].join(', ') },
      })
    })
  }
}

const honoPath = (path: string, basePath: string): string =>
  basePath + path.slice(1).replaceAll(/\{(\w+)\}/g, ':$1')

/** A JSON answer. */
export const json = (value: unknown, init: ResponseInit = {}): Response =>
  new Response(JSON.stringify(value), {
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  })
