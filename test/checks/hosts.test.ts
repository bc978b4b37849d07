import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hostOf, namedHost } from '../../server/checks/hosts.ts'

test('the host of an address', () => {
  assert.equal(hostOf('https://User:p@Example.COM.:8080/x'), 'example.com')
  assert.equal(hostOf('https://b\u00fccher.example/'), 'xn--bcher-kva.example')
  assert.equal(hostOf('https://ex ample/'), null)
  assert.equal(hostOf('mailto:a@b'), null)
})

test('a text names a host only where it is nothing else', () => {
  for (const text of ['example.com', ' Example.com/path?x ', 'https://example.com/'])
    assert.equal(namedHost(text), 'example.com', text)
  for (const text of [
    'Visit example.com',
    'terms.pdf',
    'Hello',
    'a.b.c.',
    'v1.2',
    'ann@example.com',
    '',
  ])
    assert.equal(namedHost(text), null, text)
  const began = performance.now()
  namedHost('a.'.repeat(1_000))
  namedHost('a-'.repeat(1_000_000))
  assert.ok(performance.now() - began < 500)
})
