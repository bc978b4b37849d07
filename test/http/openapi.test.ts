import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../../server/http/app.ts'
import type { HttpContext } from '../../server/http/context.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'

type Json = { readonly [key: string]: Json }

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Every object inside. */
function* walk(value: unknown, path = ''): Generator<[string, Record<string, unknown>]> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield [path, value as Record<string, unknown>]
  for (const [key, inner] of Object.entries(value)) yield* walk(inner, `${path}/${key}`)
}

test('The description has the shape of OpenAPI 3.1, and every reference leads somewhere', async t => {
  const { ask } = await startHttp(t, { basePath: '/mail/' })
  const reply = await ask('/mail/v1/openapi.json')
  assert.equal(reply.headers['content-type'], 'application/json')
  const api = reply.json as Json
  assert.match(String(api.openapi), /^3\.1\.\d+$/)
  assert.deepEqual(api.info?.version, '1.2.3')
  assert.deepEqual(api.servers, [{ url: '/mail/' }])
  const ids = new Set<string>()
  for (const [path, item] of Object.entries(api.paths as Json)) {
    assert.match(path, /^\//)
    for (const [method, operation] of Object.entries(item as Json)) {
      const label = `${method} ${path}`
      assert.ok(methods.includes(method), label)
      assert.equal(typeof operation.summary, 'string', label)
      const id = String(operation.operationId)
      assert.ok(!ids.has(id) && /^\w+$/.test(id), `${label}: ${id}`)
      ids.add(id)
      const parameters = operation.parameters as unknown as Record<string, unknown>[]
      const names = parameters.map(each => `${each.in}:${each.name}`)
      assert.equal(new Set(names).size, names.length, label)
      for (const each of parameters) {
        assert.ok(each.in === 'path' || each.in === 'query', label)
        assert.equal(each.in === 'path', path.includes(`{${each.name}}`), `${label} ${each.name}`)
        if (each.in === 'path') assert.equal(each.required, true)
        assert.equal(typeof each.schema, 'object', label)
      }
      for (const [, name] of path.matchAll(/\{(\w+)\}/g))
        assert.ok(names.includes(`path:${name}`), label)
      const responses = operation.responses as Json
      assert.ok(
        Object.keys(responses).some(status => /^2\d\d$/.test(status)),
        label,
      )
      assert.ok(responses.default?.content?.['application/problem+json'], label)
      for (const response of Object.values(responses))
        assert.equal(typeof response.description, 'string', label)
    }
  }
  for (const [path, object] of walk(api)) {
    if (typeof object.$ref !== 'string') continue
    const name = /^#\/components\/schemas\/(\w+)$/.exec(object.$ref)?.[1]
    assert.ok(name && api.components?.schemas?.[name], `${path}: ${object.$ref}`)
  }
})

test('Every route of the app is in it, but the pages and their files', async t => {
  const { ask } = await startHttp(t)
  const { paths } = (await ask('/v1/openapi.json')).json as { paths: Record<string, object> }
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item).map(method => `${method.toUpperCase()} ${path}`),
  )
  const context = { basePath: '/', webDirectory: null } as unknown as HttpContext
  const served = createApp(context)
    .routes.filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^/]*\})?/g, '{$1}')}`)
  const pages = [
    'GET /',
    'GET /connect',
    'GET /settings',
    'GET /m/{id}',
    'GET /m/{id}/{tab}',
    'GET /assets/{name}',
  ]
  assert.deepEqual(served.filter(route => !pages.includes(route)).sort(), described.sort())
})

test('What is answered is what is described', async t => {
  const { ask, store, send } = await startHttp(t)
  await put(store, mail('One'))
  const { messageDetail, messageList, problem, stats } = await import(
    '../../server/http/documents.ts'
  )
  messageList.parse((await ask('/v1/messages')).json)
  messageDetail.parse((await ask('/v1/messages/1')).json)
  stats.parse((await ask('/v1/stats')).json)
  problem.parse((await ask('/v1/messages?q=after:x')).json)
  problem.parse((await send('GET', '/nothing')).json)
})
