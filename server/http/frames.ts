import { type Change, isMessageChange, type MessageChange } from '../store/changes.ts'
import type { MailStore } from '../store/mail-store.ts'
import type { ChangeResource, Frame } from './resources.ts'
import { summaryOf } from './summary.ts'

/** How many changes one frame tells one by one. */
export const frameLimit = 200

type Position = Pick<MailStore, 'feed' | 'total' | 'unread'>

/** The changes that are waiting to be told; past the limit only which ids were added. */
export class Pending {
  #changes: ChangeResource[] = []
  #count = 0
  #from = 0
  #to = 0

  get isEmpty(): boolean {
    return this.#count === 0
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) {
      // The other mailboxes are the mail clients'.
      if (!isMessageChange(change)) continue
      this.#count++
      if (change.type === 'message.added') {
        // Ids are added in ascending order.
        this.#from ||= change.entry.number
        this.#to = change.entry.number
      }
      if (this.#count > frameLimit) this.#changes = []
      else this.#changes.push(resourceOf(change))
    }
  }

  /** The frame that tells all of it, as of now; nothing is waiting afterwards. */
  take(position: Position): Frame {
    const { feed, total, unread } = position
    const frame: Frame =
      this.#count <= frameLimit
        ? { feed, changes: this.#changes, total, unread }
        : this.#from > 0
          ? { feed, range: { from: this.#from, to: this.#to }, total, unread }
          : { feed, resync: true, total, unread }
    this.#changes = []
    this.#count = this.#from = this.#to = 0
    return frame
  }
}

/** The first frame of a stream: nothing new, what was missed since `after`, or that it cannot be known. */
export function firstFrame(store: MailStore, after: string | undefined): Frame {
  const missed = after === undefined ? [] : store.since(after)
  if (missed === null) {
    return { feed: store.feed, resync: true, total: store.total, unread: store.unread }
  }
  const pending = new Pending()
  for (const { changes } of missed) pending.add(changes)
  return pending.take(store)
}

const resourceOf = (change: MessageChange): ChangeResource =>
  change.type === 'message.added'
    ? { type: 'message.added', message: summaryOf(change.entry) }
    : change
