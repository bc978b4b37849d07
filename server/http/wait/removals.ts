import type { MessageChange } from '../../store/changes.ts'
import { idsOf } from '../../store/id-set.ts'

type Removal = MessageChange & { readonly type: 'message.removed' }

/** So many removals are remembered, each of one message or of many. */
const remembered = 10_000

/** Which messages have gone while somebody waited, to explain why one was not found. */
export class Removals {
  #kept: Removal[] = []
  #before = 0

  /** How many there have been. */
  get position(): number {
    return this.#before + this.#kept.length
  }

  add(removal: Removal): void {
    this.#kept.push(removal)
    // Cut in big steps, so that the cost for each is constant.
    if (this.#kept.length < 2 * remembered) return
    this.#kept = this.#kept.slice(-remembered)
    this.#before += remembered
  }

  /** Messages with a higher id than `since` that have gone since a position: by retention, and because somebody deleted them. */
  count(position: number, since: number): { readonly dropped: number; readonly deleted: number } {
    const counts = { dropped: 0, deleted: 0 }
    for (const { ids, reason } of this.#kept.slice(Math.max(0, position - this.#before))) {
      const count = idsOf(ids).filter(id => id > since).length
      counts[reason === 'retention' ? 'dropped' : 'deleted'] += count
    }
    return counts
  }
}
