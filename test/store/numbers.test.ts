import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Numbers } from '../../server/store/numbers.ts'

test('numbers ascend, below a ceiling that was reserved first', async () => {
  const reserved: number[] = []
  const numbers = new Numbers(1, async ceiling => reserved.push(ceiling))
  for (let expected = 1; expected <= 2_500; expected++) {
    const number = await numbers.take(1, taken => taken)
    assert.equal(number, expected)
    assert.ok(number < (reserved.at(-1) ?? 0))
    numbers.settle(number, null)
  }
})

test('what a number was taken for is published in the order of the numbers', async () => {
  const numbers = new Numbers(1, async () => {})
  const published: number[] = []
  for (let index = 0; index < 4; index++) await numbers.take(1, taken => taken)
  numbers.settle(3, () => published.push(3))
  numbers.settle(2, null)
  assert.equal(published.length, 0)
  numbers.settle(1, () => published.push(1))
  assert.deepEqual(published, [1, 3])
  numbers.settle(4, () => published.push(4))
  assert.deepEqual(published, [1, 3, 4])
  assert.throws(() => numbers.settle(4, null))
})

test('no number is given out while none can be reserved', async () => {
  let full = true
  const numbers = new Numbers(1, async () => {
    if (full) throw new Error('full')
  })
  await assert.rejects(
    numbers.take(1, taken => taken),
    /full/,
  )
  full = false
  assert.equal(await numbers.take(1, taken => taken), 1)
})
