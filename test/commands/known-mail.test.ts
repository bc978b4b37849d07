import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KnownMail } from '../../server/commands/known-mail.ts'

/** Stored messages as id, size and digest; `read` has the ids that were read. */
function known(...stored: readonly (readonly [number, number, string | null])[]) {
  const read: number[] = []
  const mail = new KnownMail(
    stored.map(([id, size]) => ({ id, size })),
    async id => {
      read.push(id)
      return stored.find(([each]) => each === id)?.[2] ?? null
    },
  )
  return { read, take: (size: number, digest: string) => mail.take(size, digest) }
}

test('each stored message stands for one of the source, the oldest first', async () => {
  const { take } = known([1, 5, 'a'], [2, 5, 'b'], [3, 5, 'a'])
  assert.equal(await take(5, 'a'), 1)
  assert.equal(await take(5, 'a'), 3)
  assert.equal(await take(5, 'a'), null)
  assert.equal(await take(5, 'b'), 2)
  assert.equal(await take(5, 'c'), null)
})

test('only what has the size is read, and once', async () => {
  const { read, take } = known([1, 5, 'a'], [2, 6, 'b'], [3, 7, 'c'])
  await take(4, 'x')
  assert.deepEqual(read, [])
  await take(6, 'x')
  await take(6, 'b')
  assert.deepEqual(read, [2])
})

test('many of one size, and one that is gone', async () => {
  const stored = Array.from({ length: 20 }, (_, at) => [at + 1, 5, at === 9 ? null : 'a'] as const)
  const { read, take } = known(...stored)
  const taken: (number | null)[] = []
  for (let count = 0; count < 20; count++) taken.push(await take(5, 'a'))
  assert.deepEqual(taken, [...stored.map(([id]) => id).filter(id => id !== 10), null])
  assert.equal(read.length, 20)
})
