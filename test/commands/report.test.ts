import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createReport } from '../../server/commands/report.ts'

function report(options: { json?: boolean; quiet?: boolean; verbose?: boolean; isTTY?: boolean }) {
  const { isTTY = false, ...rest } = options
  let [stdout, stderr] = ['', '']
  const made = createReport(
    { json: false, quiet: false, verbose: false, ...rest },
    { write: text => (stdout += text) },
    { write: text => (stderr += text), isTTY, columns: 80 },
  )
  made.begin('importing', 10)
  made.advance(5, 1)
  made.warn('careful')
  made.problem('MAILCATCH_X', 'oh \x1b[31m', new Error('cause'))
  made.result({ type: 'imported', imported: 1 }, 'imported 1 message')
  return { stdout, stderr }
}

test('for people: what came of it, and what went wrong elsewhere', () => {
  assert.deepEqual(report({}), {
    stdout: 'imported 1 message\n',
    stderr: 'warning: careful\nerror: oh \\x1b[31m\n',
  })
  assert.match(report({ verbose: true }).stderr, /^error: oh .*: Error: cause\\x0a/m)
})

test('for programs: a line for each', () => {
  const { stdout } = report({ json: true, isTTY: true })
  assert.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
    [
      { type: 'error', code: 'MAILCATCH_X', message: 'oh \x1b[31m' },
      { type: 'imported', imported: 1 },
    ],
  )
})

test('quiet: errors only', () => {
  assert.deepEqual(report({ quiet: true, isTTY: true }), {
    stdout: '',
    stderr: 'error: oh \\x1b[31m\n',
  })
})

test('the progress is for a person at a terminal, and out of the way of all else', t => {
  const { CI, TERM } = process.env
  t.after(() => {
    if (CI !== undefined) process.env.CI = CI
    if (TERM !== undefined) process.env.TERM = TERM
  })
  process.env.TERM = 'xterm'
  delete process.env.CI
  assert.match(report({ isTTY: true }).stderr, /^\rimporting \[=+ +\].*\x1b\[K\r\x1b\[Kwarning: /)
  process.env.CI = 'true'
  assert.doesNotMatch(report({ isTTY: true }).stderr, /importing/)
  delete process.env.CI
  process.env.TERM = 'dumb'
  assert.doesNotMatch(report({ isTTY: true }).stderr, /importing/)
})
