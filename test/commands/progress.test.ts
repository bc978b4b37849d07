import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Progress, progressLine } from '../../server/commands/progress.ts'

const half = { verb: 'importing', octets: 50, of: 100, messages: 1_234 }

test('how far it is, as wide as there is room', () => {
  const bar = '='.repeat(13) + ' '.repeat(13)
  assert.equal(progressLine(half, 60), `importing [${bar}]  50%  1,234 messages`)
  assert.equal(progressLine(half, 200).indexOf(']') - progressLine(half, 200).indexOf('['), 41)
  assert.equal(progressLine(half, 32), 'importing  50%  1,234 messages')
  for (const columns of [1, 10, 20, 40, 60, 80, 200]) {
    assert.ok(progressLine(half, columns).length <= columns)
  }
})

test('at the start, at the end, past it, and where nobody knows the end', () => {
  const at = (octets: number, of: number | null, messages = 1) =>
    progressLine({ verb: 'exporting', octets, of, messages }, 60)
  assert.match(at(0, 10, 0), /\[ +\] {3}0% {2}0 messages$/)
  assert.match(at(10, 10), /\[=+\] 100% {2}1 message$/)
  assert.match(at(11, 10), /\[=+\] 100%/)
  assert.match(at(0, 0), /100%/)
  assert.equal(at(5, null), 'exporting 1 message')
})

test('draws now and then, and leaves an empty line', () => {
  const written: string[] = []
  const progress = new Progress({ write: text => written.push(text), columns: 60 })
  progress.clear()
  progress.show(half)
  progress.show(half)
  progress.clear()
  progress.clear()
  assert.equal(written.length, 2)
  assert.match(written[0] ?? '', /^\rimporting \[.*messages\x1b\[K$/)
  assert.equal(written[1], '\r\x1b[K')
})
