import assert from 'node:assert/strict'
import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { ConnectionLimit, isLoopback } from '../../server/net/connection-limit.ts'

// Sockets from other machines cannot be had here; the limit looks at an address and waits for the end.
const socketFrom = (remoteAddress: string | undefined): Socket =>
  Object.assign(new EventEmitter(), { remoteAddress }) as Socket

test('knows the loopback addresses in every form', () => {
  for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
    assert.ok(isLoopback(address), address)
  }
  for (const address of ['10.0.0.1', '::', '::ffff:10.0.0.1', 'fe80::1', '128.0.0.1']) {
    assert.ok(!isLoopback(address), address)
  }
})

test('so many in all, so many from one address, but not from loopback', () => {
  const limit = new ConnectionLimit({ total: 6, perAddress: 2 })
  const first = socketFrom('10.0.0.1')
  assert.ok(limit.admit(first))
  assert.ok(limit.admit(socketFrom('10.0.0.1')))
  assert.ok(!limit.admit(socketFrom('10.0.0.1')))
  assert.ok(limit.admit(socketFrom('10.0.0.2')))
  assert.equal(limit.open, 3)

  first.emit('close')
  assert.ok(limit.admit(socketFrom('10.0.0.1')))
  assert.ok(!limit.admit(socketFrom('10.0.0.1')))

  const loopback = [1, 2, 3].map(() => socketFrom('127.0.0.1'))
  for (const socket of loopback) assert.ok(limit.admit(socket))
  assert.equal(limit.open, 6)
  assert.ok(!limit.admit(socketFrom('127.0.0.1')))
  loopback[0]?.emit('close')
  assert.ok(limit.admit(socketFrom('::1')))
})

test('a socket that is gone already is not counted', () => {
  const limit = new ConnectionLimit()
  assert.ok(!limit.admit(socketFrom(undefined)))
  assert.equal(limit.open, 0)
})
