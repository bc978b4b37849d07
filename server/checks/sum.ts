import { type GroupId, groups } from './groups.ts'
import type { CheckGroup, CheckState, Checks, Severity } from './report.ts'

/** All that was told of a mail, summed up. A group that is missing has not come to its end, for that reason. */
export function summedUp(told: readonly CheckGroup[], reason: string): Checks {
  const all = groups.map(
    ({ group }) => told.find(each => each.group === group) ?? failed(group, reason),
  )
  const counts: Record<Severity, number> = { error: 0, warning: 0, info: 0 }
  for (const { findings } of all) for (const { severity } of findings) counts[severity]++
  return { state: stateOf(all), counts, groups: all }
}

/** A group that came to nothing. */
export function failed(group: GroupId, reason: string): CheckGroup {
  return { group, title: titleOf(group), state: 'failed', reason, looked: [], findings: [] }
}

export const titleOf = (group: GroupId): string =>
  groups.find(each => each.group === group)?.title ?? group

function stateOf(all: readonly CheckGroup[]): CheckState {
  if (all.every(({ state }) => state === 'failed')) return 'failed'
  return all.every(({ state }) => state === 'done') ? 'done' : 'partial'
}
