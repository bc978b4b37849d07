import assert from 'node:assert/strict'
import { createApp } from '../../server/http/app.ts'
import type { HttpContext } from '../../server/http/context.ts'
import { eventsPath } from '../../server/http/events.ts'
import type { MailStore } from '../../server/store/mail-store.ts'
import { mail } from './http-server.ts'

/** A route that the app has, asked as it is meant to be. */
export type AppRoute = {
  readonly method: string
  /** With values for the parameters, below the base path; what follows `?` is apart. */
  readonly path: string
  readonly query: string
  readonly body: { readonly type: string; readonly text: string } | null
  /** Whether this call changes what is stored. */
  readonly changes: boolean
}

type Meant = { query?: string; json?: unknown; changes?: true }

/**
 * What a call needs so that it is answered. Each route that is asked by another method than GET stands here, with
 * what it does to the store, and none that is not there: a new one is seen by whoever forgets it.
 */
const meant: Readonly<Record<string, Meant>> = {
  'POST /v1/messages': { json: { from: 'a@b.example', subject: 'Forged' }, changes: true },
  'PATCH /v1/messages': { query: '?all=true', json: { addTags: ['forged'] }, changes: true },
  'DELETE /v1/messages': { query: '?all=true', changes: true },
  'PATCH /v1/messages/{id}': { json: { addTags: ['forged-too'] }, changes: true },
  'DELETE /v1/messages/{id}': { changes: true },
  'GET /v1/messages.zip': { query: '?all=true' },
  'GET /v1/messages/{id}/select': { query: '?css=p' },
  'POST /v1/wait': { json: { subject: 'Kept' } },
  'POST /v1/none': { json: { subject: 'nothing of this name' } },
  'POST /v1/expect': { json: { expect: [{ match: { subject: 'Kept' } }] } },
  'POST /v1/inboxes': { json: { name: 'forged' }, changes: true },
  'DELETE /v1/inboxes/{inbox}': { changes: true },
}

/** A mail that every call for a message finds something in. */
export const mailForRoutes = mail(
  'Kept',
  [
    '--x',
    'Content-Type: text/html',
    '',
    '<p>Your code is 483920. <a href="https://app.example/confirm?t=1">Confirm</a></p>',
    '--x',
    'Content-Type: application/pdf; name=a.pdf',
    'Content-Disposition: attachment; filename=a.pdf',
    '',
    '%PDF',
    '--x--',
  ].join('\r\n'),
  'MIME-Version: 1.0',
  'Content-Type: multipart/mixed; boundary=x',
)

/** The app as it is served, to be looked at: nothing can be asked of it. */
export const appOf = (basePath = '/') =>
  createApp({ basePath, webDirectory: null } as unknown as HttpContext)

/**
 * Every route of the app, read from the table that the app itself serves by, so that none can be forgotten: each
 * with the method that is its own, those that answer GET first, what removes more behind what removes less.
 *
 * @param inbox the id of an inbox that is there
 * @param app the app to look at
 */
export function routesOfApp(
  basePath = '/',
  inbox = '0000000000',
  app = appOf(basePath),
): readonly AppRoute[] {
  const values: Record<string, string> = { id: '1', part: '1', tab: 'text', name: 'x.js', inbox }
  const left = new Set(Object.keys(meant))
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path: pattern }) => {
      const named = `/${pattern.slice(basePath.length)}`
        .replaceAll(/:(\w+)(?:\{[^/]*\})?/g, '{$1}')
        .replace('/v1/inboxes/{id}', '/v1/inboxes/{inbox}')
      const key = `${method} ${named}`
      left.delete(key)
      const { query = '', json, changes = false } = meant[key] ?? {}
      assert.ok(method === 'GET' || meant[key], `${key} is not in the table of this file`)
      const path = named.slice(1).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
        const value = values[name]
        assert.ok(value, `${key}: what could ${name} be?`)
        return value
      })
      const body =
        json === undefined ? null : { type: 'application/json', text: JSON.stringify(json) }
      return { method, path: basePath + path, query, body, changes }
    })
  assert.deepEqual([...left], [], 'these routes are no more')
  assert.ok(routes.length > 30)
  assert.ok(
    routes.every(({ path }) => !/[:{*]/.test(path)),
    JSON.stringify(routes),
  )
  const rank = ({ method, path }: AppRoute) =>
    method === 'GET' ? 0 : method === 'DELETE' ? 1_000 - path.length : 1
  return routes.sort((one, other) => rank(one) - rank(other))
}

/** Methods that no route of this path has: they answer 405, or 404. */
export const strangeMethods = (routes: readonly AppRoute[], path: string): readonly string[] =>
  ['GET', 'POST', 'PATCH', 'DELETE'].filter(
    method => !routes.some(each => each.path === path && each.method === method),
  )

/** All that a call may change: two of these are the same where nothing was. */
export const stateOf = ({ feed, total, unread, inboxes }: MailStore): string =>
  JSON.stringify({ feed, total, unread, inboxes: inboxes.all() })

/** Where the WebSocket is. */
export const socketPath = (basePath = '/'): string => basePath + eventsPath.slice(1)
