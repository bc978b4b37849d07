import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonLine } from '../server/json-line.ts'

test('one line, the same value, nothing that a terminal obeys', () => {
  const value = {
    subject: 'a\r\nb\u001b[31m\u007f\u009b1m\u2028\u202egnp.exe',
    name: 'Zo\u00eb \u{1f600}',
  }
  const line = jsonLine(value)
  assert.deepEqual(JSON.parse(line), value)
  assert.doesNotMatch(line.slice(0, -1), /[\0-\x1f\x7f-\x9f\u2028\u202e]/)
  assert.ok(line.endsWith('}\n'))
  assert.ok(line.includes('Zo\u00eb \u{1f600}'))
})
