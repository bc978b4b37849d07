import assert from 'node:assert/strict'
import { test } from 'node:test'
import { longLines } from '../../server/checks/line-lengths.ts'

const lines = (...lengths: readonly number[]) => lengths.map(length => 'x'.repeat(length))

test('line ends are not counted, whichever they are', () => {
  for (const end of ['\r\n', '\n']) {
    const header = `${lines(78, 79).join(end)}${end}${end}`
    const raw = Buffer.from(header + lines(998, 999, 79, 1_000).join(end))
    assert.deepEqual(longLines(raw, header.length), { tooLong: [5, 7], long: [2] })
  }
})

test('a million long lines are not all told', () => {
  const { tooLong } = longLines(Buffer.from(`${'x'.repeat(999)}\n`.repeat(12_000)), 0)
  assert.equal(tooLong.length, 10_000)
})
