import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { mostWaiting, OneByOne } from '../../server/http/one-by-one.ts'
import { HttpProblem } from '../../server/http/problem.ts'

const from = (socket: { destroyed: boolean }) => ({ socket }) as unknown as IncomingMessage
const there = from({ destroyed: false })
/** A promise to be settled by hand. */
const held = () => {
  let release: () => void = () => {}
  const promise = new Promise<void>(resolve => {
    release = resolve
  })
  return { promise, release }
}

test('One at a time, in their order, whatever comes of each', async () => {
  const turns = new OneByOne()
  const told: string[] = []
  const first = held()
  const one = turns.run(there, () => first.promise.then(() => told.push('one')))
  const two = turns.run(there, async () => {
    told.push('two')
    throw new Error('broken')
  })
  const three = turns.run(there, async () => told.push('three'))
  await Promise.resolve()
  assert.deepEqual(told, [])
  first.release()
  await one
  await assert.rejects(two, /broken/)
  await three
  assert.deepEqual(told, ['one', 'two', 'three'])
  assert.equal(await turns.run(there, async () => 4), 4)
})

test('Who hung up is passed over, and one too many is refused', async () => {
  const turns = new OneByOne()
  const first = held()
  const one = turns.run(there, () => first.promise)
  const socket = { destroyed: false }
  let isAsked = false
  const gone = turns.run(from(socket), async () => {
    isAsked = true
  })
  const others = Array.from({ length: mostWaiting - 1 }, (_, at) =>
    turns.run(there, async () => at),
  )
  await assert.rejects(
    turns.run(there, async () => 0),
    (error: HttpProblem) => error instanceof HttpProblem && error.status === 503,
  )
  socket.destroyed = true
  first.release()
  await one
  await assert.rejects(gone, HttpProblem)
  assert.equal(isAsked, false)
  assert.equal((await Promise.all(others)).length, mostWaiting - 1)
})
