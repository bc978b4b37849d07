import assert from 'node:assert/strict'
import { it } from 'node:test'
import { backoff } from '../../web/backoff.ts'

it('waits from half a second up to ten, with jitter', () => {
  const longest = Array.from({ length: 8 }, (_, at) => backoff(at + 1, 0))
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
  for (let tries = 1; tries < 2000; tries *= 3) {
    for (const random of [0, 0.25, 0.5, 0.999]) {
      const wait = backoff(tries, random)
      assert.equal(wait >= 500 && wait <= 10_000, true)
    }
  }
  assert.equal(backoff(6, 0.5), 7500)
})
