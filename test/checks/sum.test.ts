import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groups } from '../../server/checks/groups.ts'
import type { CheckGroup } from '../../server/checks/report.ts'
import { failed, summedUp } from '../../server/checks/sum.ts'

const done: readonly CheckGroup[] = groups.map(({ group, title }) => ({
  group,
  title,
  state: 'done',
  looked: [],
  findings: [],
}))
const finding = { check: 'a.b', title: '', why: '', fix: '', count: 7, where: [] }

test('all groups are there, in their order; findings are counted, not places', () => {
  const [first, ...rest] = done as [CheckGroup, ...CheckGroup[]]
  const findings = [
    { ...finding, severity: 'error' as const },
    { ...finding, severity: 'info' as const },
  ]
  const checks = summedUp([...rest, { ...first, findings }], '')
  assert.deepEqual(
    checks.groups.map(({ group }) => group),
    groups.map(({ group }) => group),
  )
  assert.deepEqual([checks.state, checks.counts], ['done', { error: 1, warning: 0, info: 1 }])
})

test('a group that did not come failed, for that reason', () => {
  const some = summedUp(done.slice(0, 3), 'It took too long.')
  assert.equal(some.state, 'partial')
  assert.deepEqual(some.groups[3], failed('weight', 'It took too long.'))
  assert.equal(some.groups[3]?.title, 'Weight')
  const none = summedUp([], 'No.')
  assert.equal(none.state, 'failed')
})
