import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatRoute, parseRoute, type Route } from '../../web/route.ts'

describe('routes', () => {
  it('reads every address that the page has', () => {
    assert.deepEqual(parseRoute('', ''), { page: 'inbox', q: '' })
    assert.deepEqual(parseRoute('', '?q=to%3Aada+is%3Aunread'), {
      page: 'inbox',
      q: 'to:ada is:unread',
    })
    assert.deepEqual(parseRoute('connect', ''), { page: 'connect', q: '' })
    assert.deepEqual(parseRoute('m/42', ''), { page: 'message', id: 42, tab: null, q: '' })
    assert.deepEqual(parseRoute('m/42/source', '?q=x'), {
      page: 'message',
      id: 42,
      tab: 'source',
      q: 'x',
    })
  })

  it('knows no other', () => {
    for (const path of [
      'm',
      'm/',
      'm/0',
      'm/x',
      'm/12345678901',
      'm/1/html',
      'm/1/x',
      'm/1/text/2',
      'x',
    ]) {
      assert.equal(parseRoute(path, '').page, 'unknown', path)
    }
  })

  it('writes what it reads', () => {
    const routes: Route[] = [
      { page: 'inbox', q: '' },
      { page: 'inbox', q: 'a&b=c "d e" +%#' },
      { page: 'connect', q: '' },
      { page: 'message', id: 9_999_999_999, tab: null, q: '' },
      { page: 'message', id: 1, tab: 'headers', q: 'ü' },
    ]
    for (const route of routes) {
      const [path = '', search] = formatRoute(route).split('?')
      assert.deepEqual(parseRoute(path, search ? `?${search}` : ''), route)
    }
  })
})
