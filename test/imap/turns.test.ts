import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTurnOver, nextTurn } from '../../server/imap/turns.ts'

/** Works for so many milliseconds. */
const work = (milliseconds: number) => {
  const until = performance.now() + milliseconds
  while (performance.now() < until);
}

test('a turn is over when it has lasted, whoever used it', async () => {
  await nextTurn()
  assert.equal(isTurnOver(), false)
  work(12)
  assert.equal(isTurnOver(), true)
  await nextTurn()
  assert.equal(isTurnOver(), false)
})

test('many that have much to do hold the event loop no longer at a time than one', async () => {
  let rounds = 0
  const timer = setInterval(() => rounds++, 1)
  const session = async () => {
    for (let piece = 0; piece < 30; piece++) {
      work(1)
      if (isTurnOver()) await nextTurn()
    }
  }
  await Promise.all(Array.from({ length: 20 }, session))
  clearInterval(timer)
  // Of 600 ms, each session used 10 at a time.
  assert.ok(rounds >= 20, `others had ${rounds} turns`)
})
