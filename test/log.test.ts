import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog, escapeControls } from '../server/log.ts'

test('control and bidirectional characters become visible', () => {
  assert.equal(
    escapeControls('a\u001b[31mb\r\n\u0000\u007f\u0085\u009b'),
    'a\\x1b[31mb\\x0d\\x0a\\x00\\x7f\\x85\\x9b',
  )
  assert.equal(
    escapeControls('\u202etxt.exe\u2066\u200f\u061c\u2028'),
    '\\u{202e}txt.exe\\u{2066}\\u{200f}\\u{61c}\\u{2028}',
  )
  assert.equal(escapeControls('Grüße, 日本, 👋🏽'), 'Grüße, 日本, 👋🏽')
})

test('one event is one line, at the levels that want it', () => {
  const told = (['quiet', 'normal', 'verbose'] as const).map(level => {
    const lines: string[] = []
    const log = createLog(level, line => lines.push(line))
    log.info('from <a\r\nb>')
    log.warn('set aside')
    log.error('broken', 'why')
    return lines
  })
  const error = 'error: broken: why\n'
  const warning = 'warning: set aside\n'
  assert.deepEqual(told, [[error], [warning, error], ['from <a\\x0d\\x0ab>\n', warning, error]])
})

test('an error is told with its stack', () => {
  const lines: string[] = []
  createLog('quiet', line => lines.push(line)).error('a bug', new TypeError('x is not y'))
  assert.equal(lines.length, 1)
  assert.match(
    lines[0] ?? '',
    /^error: a bug: TypeError: x is not y\\x0a {4}at .*log\.test\.ts[^\n]*\n$/,
  )
})
