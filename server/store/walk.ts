import { type Condition, Facts } from './condition.ts'
import { blockOf, type Entries, type Slice } from './entries.ts'
import type { Entry } from './message.ts'
import { Pace } from './pace.ts'
import { Search, type SearchSources } from './search.ts'

/** So many messages that must be looked into are taken one by one, before several are taken at a time. */
const singly = 32
/** So many are at most taken at a time. */
const mostAtATime = 512

/**
 * What the index alone says: undefined where the message must be looked into. With the same facts, several conditions spend
 * on an entry together no more than one may.
 */
export const judge = (
  condition: Condition,
  entry: Entry,
  facts = new Facts(),
): boolean | undefined => condition(entry, facts)

/**
 * Which of several conditions hold for an entry, looked into once for all of them; none where it is gone. Rejects with a
 * QueryError or StoreError.
 */
export const lookInto = async (
  conditions: readonly Condition[],
  entry: Entry,
  sources: SearchSources,
): Promise<readonly boolean[]> => {
  const answers: (boolean | undefined)[] = conditions.map(() => undefined)
  const all: Condition = (current, facts) => {
    let isOpen = false
    conditions.forEach((condition, at) => {
      answers[at] ??= condition(current, facts)
      isOpen ||= answers[at] === undefined
    })
    return isOpen ? undefined : true
  }
  const slice = { block: blockOf(entry.number), entries: [entry], from: 0, to: 1 }
  const { total } = await new Search(all, [slice], sources, { scans: false }).run()
  return answers.map(answer => total > 0 && answer === true)
}

/**
 * Entries of a snapshot for which a condition holds, the oldest first, each as soon as it is known. It ends early where
 * nobody wants more, without having looked at the rest.
 */
export async function* oldestFirst(
  entries: Entries,
  condition: Condition,
  snapshot: readonly Slice[],
  sources: SearchSources,
  isWanted: () => boolean = () => true,
): AsyncGenerator<Entry> {
  let looked = 0
  const pace = new Pace()
  for (const { block, entries: all, from, to } of snapshot.toReversed()) {
    for (let at = from; at < to; ) {
      if (!isWanted()) return
      const entry = all[at] as Entry
      if (pace.isDue) await pace.rest()
      const holds = judge(condition, entries.get(entry.number) ?? entry)
      if (holds !== undefined) {
        if (holds) yield entry
        at++
        continue
      }
      const some = looked < singly ? 1 : Math.min(looked, mostAtATime)
      const next: Slice = { block, entries: all, from: at, to: Math.min(at + some, to) }
      const search = new Search(condition, [next], sources, { scans: some > 1 })
      await search.run()
      yield* search.page(Number.MAX_SAFE_INTEGER, 0, some).reverse()
      looked += some
      at = next.to
    }
  }
}

/** The same, the newest first. */
export async function* newestFirst(
  condition: Condition,
  snapshot: readonly Slice[],
  sources: SearchSources,
  isWanted: () => boolean = () => true,
): AsyncGenerator<Entry> {
  const search = new Search(condition, snapshot, sources)
  for (let given = 0; ; ) {
    const found = search.page(Number.MAX_SAFE_INTEGER, given, 1)
    given += found.length
    if (found[0]) yield found[0]
    else if (search.isComplete || !isWanted()) return
    else await search.step()
  }
}
