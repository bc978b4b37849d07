import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { DataAborted, receiveData } from '../../server/smtp/data.ts'
import { SmtpError } from '../../server/smtp/replies.ts'
import type { Arrival } from '../../server/store/arrival.ts'
import type { Entry } from '../../server/store/message.ts'
import { StoreError } from '../../server/store/store-error.ts'

/** An arrival whose disk does what the test says, and what was done to it. */
function faultyArrival(write: (taken: number) => Promise<void> | undefined) {
  const calls: string[] = []
  let size = 0
  const arrival: Arrival<Entry> = {
    get size() {
      return size
    },
    write(chunk) {
      size += chunk.length
      calls.push(`write ${chunk.length}`)
      return write(size)
    },
    async commit() {
      calls.push('commit')
      return { number: 1 } as Entry
    },
    async abort() {
      calls.push('abort')
    },
  }
  return { arrival, calls }
}

const options = { limit: 10, onFlood: () => {} }

test('a message is written, then committed', async () => {
  const { arrival, calls } = faultyArrival(() => undefined)
  const stream = new PassThrough()
  const received = receiveData(stream, arrival, options)
  stream.write('one')
  stream.end('two')
  assert.equal((await received).number, 1)
  assert.deepEqual(calls, ['write 3', 'write 3', 'commit'])
})

test('nothing more is taken while the store is busy', async () => {
  let go = () => {}
  const { arrival, calls } = faultyArrival(taken =>
    taken > 3
      ? undefined
      : new Promise<void>(resolve => {
          go = resolve
        }),
  )
  const stream = new PassThrough()
  const received = receiveData(stream, arrival, options)
  stream.write('one')
  stream.end('two')
  await new Promise(setImmediate)
  assert.deepEqual(calls, ['write 3'])
  go()
  await received
  assert.deepEqual(calls, ['write 3', 'write 3', 'commit'])
})

test('after a failure the rest is discarded, and the failure told at the end', async () => {
  const failure = new StoreError('full', 'no room')
  for (const fail of [
    () => Promise.reject(failure),
    () => {
      throw failure
    },
  ]) {
    const { arrival, calls } = faultyArrival(fail)
    const stream = new PassThrough()
    const received = receiveData(stream, arrival, options)
    stream.write('one')
    stream.write('two')
    await new Promise(setImmediate)
    assert.deepEqual(calls, ['write 3', 'abort'])
    stream.end('three')
    await assert.rejects(received, failure)
    assert.deepEqual(calls, ['write 3', 'abort'])
  }
})

test('a message over the limit is aborted at once, a flood is told once', async () => {
  const { arrival, calls } = faultyArrival(() => undefined)
  const stream = new PassThrough()
  let floods = 0
  const received = receiveData(stream, arrival, { limit: 10, onFlood: () => floods++ })
  stream.write('x'.repeat(10))
  assert.deepEqual(calls, ['write 10'])
  stream.write('x')
  assert.deepEqual(calls, ['write 10', 'abort'])
  stream.write('x'.repeat(29))
  assert.equal(floods, 0)
  stream.write('x')
  stream.write('x')
  assert.equal(floods, 1)
  stream.end()
  await assert.rejects(
    received,
    (error: unknown) => error instanceof SmtpError && error.responseCode === 552,
  )
  assert.deepEqual(calls, ['write 10', 'abort'])
})

test('a client that leaves leaves nothing behind', async () => {
  const { arrival, calls } = faultyArrival(() => undefined)
  for (const error of [new Error('reset'), undefined]) {
    calls.length = 0
    const stream = new PassThrough()
    const received = receiveData(stream, arrival, options)
    stream.write('x')
    stream.destroy(error)
    await assert.rejects(received, DataAborted)
    assert.deepEqual(calls, ['write 1', 'abort'])
  }
})

test('a store that cannot even abort is a bug, and told as one', async () => {
  const { arrival } = faultyArrival(() => Promise.reject(new StoreError('io', 'EIO')))
  const cause = new Error('cannot remove')
  arrival.abort = () => Promise.reject(cause)
  const stream = new PassThrough()
  const received = receiveData(stream, arrival, options)
  stream.end('x')
  await assert.rejects(received, { cause })
})
