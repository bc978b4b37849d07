import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Findings, MAX_PLACES } from '../../server/checks/findings.ts'

const rule = (check: string, severity: 'error' | 'warning' | 'info', lacking = 0) => ({
  check,
  severity,
  title: check,
  why: '',
  fix: '',
  ...(lacking > 0
    ? { clients: Array(lacking).fill({ client: 'a.b', support: 'no', notes: [] }) }
    : {}),
})

test('the same thing at many places is one finding, of which the first places are asked for', () => {
  const findings = new Findings()
  let asked = 0
  for (let line = 1; line <= 7_000; line++) {
    findings.add(rule('a', 'info'), () => {
      asked++
      return { line }
    })
  }
  const [found] = findings.list()
  assert.equal(found?.count, 7_000)
  assert.deepEqual(found?.where.at(-1), { line: MAX_PLACES })
  assert.equal(asked, MAX_PLACES)
})

test('errors come first, and what most clients lack', () => {
  const findings = new Findings()
  for (const each of [
    rule('a', 'info', 1),
    rule('b', 'warning'),
    rule('c', 'info', 9),
    rule('d', 'error'),
    rule('e', 'warning'),
  ])
    findings.add(each)
  assert.deepEqual(
    findings.list().map(({ check }) => check),
    ['d', 'b', 'e', 'c', 'a'],
  )
})
