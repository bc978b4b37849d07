import { type Condition, Facts } from '../../store/condition.ts'
import type { MailStore } from '../../store/mail-store.ts'
import type { Entry } from '../../store/message.ts'
import { Removals } from './removals.ts'
import { keysOf } from './waiter-key.ts'

/** Who wants to know of arrivals. */
export type Watcher = {
  readonly condition: Condition
  /** See `keyOf`. */
  readonly key: string | null
  /** An arrival that matches, or will be known to; in the order of ids, in the step that puts it into the index. */
  accept(entry: Entry, matches: true | Promise<boolean>): void
}

/**
 * Tells everybody who waits of each arrival that may be theirs. All of them together look into a message once, and who
 * waits for one address costs nothing when mail for another comes.
 */
export class Waiters {
  readonly removals = new Removals()
  readonly #store: MailStore
  readonly #unsubscribe: () => void
  readonly #byKey = new Map<string, Set<Watcher>>()
  readonly #others = new Set<Watcher>()
  #size = 0

  constructor(store: MailStore) {
    this.#store = store
    this.#unsubscribe = store.subscribe(({ changes }) => {
      if (this.#size === 0) return
      for (const change of changes) {
        if (change.type === 'message.added') this.#offer(change.entry)
        else if (change.type === 'message.removed') this.removals.add(change)
      }
    })
  }

  /** How many there are. */
  get size(): number {
    return this.#size
  }

  add(watcher: Watcher): void {
    const { key } = watcher
    this.#size++
    if (key === null) {
      this.#others.add(watcher)
      return
    }
    const same = this.#byKey.get(key)
    if (same) same.add(watcher)
    else this.#byKey.set(key, new Set([watcher]))
  }

  /** Once for each that was added. */
  remove(watcher: Watcher): void {
    const { key } = watcher
    this.#size--
    if (key === null) {
      this.#others.delete(watcher)
      return
    }
    const same = this.#byKey.get(key)
    same?.delete(watcher)
    if (same?.size === 0) this.#byKey.delete(key)
  }

  close(): void {
    this.#unsubscribe()
  }

  #offer(entry: Entry): void {
    const open: Watcher[] = []
    const facts = new Facts()
    for (const watcher of this.#concerned(entry)) {
      const holds = this.#store.judge(watcher.condition, entry, facts)
      if (holds) watcher.accept(entry, true)
      else if (holds === undefined) open.push(watcher)
    }
    if (open.length === 0) return
    const looked = this.#store.lookInto(
      open.map(({ condition }) => condition),
      entry,
    )
    open.forEach((watcher, at) => {
      const matches = looked.then(
        answers => answers[at] === true,
        // It may be the fault of another's regular expression.
        async () => (await this.#store.lookInto([watcher.condition], entry))[0] === true,
      )
      watcher.accept(entry, matches)
    })
  }

  *#concerned({ message }: Entry): Generator<Watcher> {
    yield* this.#others
    if (this.#byKey.size === 0) return
    for (const key of keysOf(message)) yield* this.#byKey.get(key) ?? []
  }
}
