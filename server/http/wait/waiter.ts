import type { Condition } from '../../store/condition.ts'
import type { MailStore } from '../../store/mail-store.ts'
import type { Matcher } from '../../store/matcher.ts'
import type { Entry } from '../../store/message.ts'
import type { Reservation } from '../../store/reservations.ts'
import { keyOf } from './waiter-key.ts'
import type { Waiters, Watcher } from './waiters.ts'

export type WaiterOptions<T> = {
  readonly store: MailStore
  readonly waiters: Waiters
  readonly matcher: Matcher
  /** What the matcher stands for. */
  readonly condition: Condition
  /** More than so many are never wanted. */
  readonly most: number
  /** What is wanted of a message that matches; null where it is gone, or has nothing of the kind. */
  readonly read: (id: number) => Promise<T | null>
}

/** Milliseconds for which what is stored is looked at, also where the time is over before. */
const lookingBack = 2_000

/** An arrival that is looked at; what was found in it, null for nothing, undefined while that is not known. */
type Looked<T> = { readonly id: number; found?: T | null }

/** What `until` needs to know of who waits. */
export type Limits = {
  /** Milliseconds. */
  readonly left: number
  readonly abandoned: AbortSignal
}

/**
 * Finds what matches, among what is stored and what comes. It hears of arrivals before it looks back, in one step, so that
 * nothing is missed or found twice; and retention spares what it has not seen yet.
 *
 * With `matcher.since` the matches after it count, in the order of their ids; without, the newest.
 */
export class Waiter<T> implements Watcher {
  readonly condition: Condition
  readonly key: string | null
  /** The newest id when it began. */
  readonly start: number
  readonly #options: WaiterOptions<T>
  readonly #removed: number
  #reservation: Reservation | null
  /** Of what was stored, in the order of ids. */
  readonly #stored: T[] = []
  #isStoredKnown = false
  readonly #began = performance.now()
  #isOver = false
  #isCut = false
  readonly #arrived: T[] = []
  /** Arrivals that are not decided, or come after one that is not. */
  readonly #looked: Looked<T>[] = []
  #failure: { readonly error: unknown } | null = null
  #end: number | null = null
  #isClosed = false
  #look: () => void = () => {}

  constructor(options: WaiterOptions<T>) {
    const { store, waiters, matcher, condition } = options
    this.#options = options
    this.condition = condition
    this.key = keyOf(matcher)
    this.#removed = waiters.removals.position
    this.start = store.cursor
    // Nothing can come any more where all that is asked for has come.
    if (this.#upto <= this.start) this.#end = this.start
    this.#reservation = store.reserve(this.#since + 1)
    waiters.add(this)
    void this.#lookBack()
  }

  /** The newest id that it has regarded, or will. */
  get end(): number {
    return this.#end ?? this.#options.store.cursor
  }

  /** Whether the time was over before all was known. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Whether there was no time to look at everything that was stored. */
  get isCut(): boolean {
    return this.#isCut
  }

  /** How many messages have gone meanwhile, of those that came after `since`. */
  get removed(): { readonly dropped: number; readonly deleted: number } {
    return this.#options.waiters.removals.count(this.#removed, this.#since)
  }

  /**
   * So many of what was found: the first after `since`, or else the newest, in the order of their ids. Undefined where there
   * are not so many yet, or one may come before them.
   */
  take(count: number): readonly T[] | undefined {
    const found = this.found
    if (found.length < count) return undefined
    return this.#isFromStart ? found.slice(0, count) : found.slice(found.length - count)
  }

  /** What is known to be found, in the order of ids. */
  get found(): readonly T[] {
    if (this.#isStoredKnown) return [...this.#stored, ...this.#arrived]
    return this.#isFromStart ? this.#stored : this.#arrived
  }

  /** Whether everything up to an id is known to match or not. */
  isDecided(upto: number): boolean {
    return this.#isStoredKnown && upto <= this.end && this.#isLookedAt(upto)
  }

  /**
   * Resolves with what `look` sees as soon as it sees something; it looks again whenever more is known. When the time is over
   * it takes no further arrivals, and resolves with undefined once it knows about those that there are, and of what was
   * stored as much as can be looked at until then, or within two seconds. Rejects with the reason of who abandons it, with
   * what a search failed of, or with what `look` throws.
   */
  until<R>(look: () => R | undefined, { left, abandoned }: Limits): Promise<R | undefined> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer)
        clearTimeout(cut)
        abandoned.removeEventListener('abort', abandon)
        this.#look = () => {}
        settle()
      }
      const abandon = () => end(() => reject(abandoned.reason))
      const again = () => {
        try {
          if (this.#failure) throw this.#failure.error
          const seen = look()
          if (seen !== undefined) end(() => resolve(seen))
          else if (this.#isDone) end(() => resolve(undefined))
        } catch (error) {
          end(() => reject(error))
        }
      }
      let cut: NodeJS.Timeout | undefined
      const timer = setTimeout(() => {
        this.#end ??= this.#options.store.cursor
        this.#isOver = true
        cut = setTimeout(
          () => {
            this.#isCut = !this.#isStoredKnown
            again()
          },
          Math.max(0, this.#began + lookingBack - performance.now()),
        )
        again()
      }, left)
      if (abandoned.aborted) return abandon()
      abandoned.addEventListener('abort', abandon)
      this.#look = again
      again()
    })
  }

  /** Has `until` look again. */
  lookAgain(): void {
    this.#look()
  }

  /** It finds nothing any more. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#options.waiters.remove(this)
    this.#reservation?.raise(Number.POSITIVE_INFINITY)
    this.#reservation = null
  }

  accept({ number }: Entry, matches: true | Promise<boolean>): void {
    const { store, read } = this.#options
    if (this.#end !== null || this.#isClosed || number > this.#upto || number <= this.#since) {
      // Nobody hears what became of it.
      if (matches !== true) matches.catch(() => {})
      return
    }
    const looked: Looked<T> = { id: number }
    this.#looked.push(looked)
    this.#reservation ??= store.reserve(number)
    const find = async () => ((await matches) ? read(number) : null)
    find().then(
      found => {
        looked.found = found
        this.#advance()
      },
      error => this.#fail(error),
    )
  }

  /** Whether nothing more will be found. */
  get #isDone(): boolean {
    if (this.#end === null) return false
    return (this.#isStoredKnown || this.#isCut) && this.#isLookedAt(this.#end)
  }

  #isLookedAt(upto: number): boolean {
    const [first] = this.#looked
    return first === undefined || first.id > upto
  }

  get #isFromStart(): boolean {
    return this.#options.matcher.since !== undefined
  }

  get #since(): number {
    return this.#options.matcher.since ?? 0
  }

  get #upto(): number {
    return this.#options.matcher.upto ?? Number.POSITIVE_INFINITY
  }

  async #lookBack(): Promise<void> {
    const { store, matcher, condition, most, read } = this.#options
    const { inbox } = matcher
    const span = { since: this.#since, upto: Math.min(this.start, this.#upto), inbox }
    const isWanted = () => !this.#isClosed && !this.#isCut
    const matching = this.#isFromStart
      ? store.oldestFirst(condition, span, isWanted)
      : store.newestFirst(condition, span, isWanted)
    try {
      for await (const { number } of matching) {
        if (!isWanted()) return
        const found = await read(number)
        if (found === null) continue
        if (this.#isFromStart) this.#stored.push(found)
        else this.#stored.unshift(found)
        if (this.#stored.length >= most) break
        if (this.#isFromStart) this.#look()
      }
      if (!isWanted()) return
      this.#isStoredKnown = true
      this.#advance()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Takes over what is decided. */
  #advance(): void {
    for (let [first] = this.#looked; first?.found !== undefined; [first] = this.#looked) {
      this.#looked.shift()
      if (first.found !== null) this.#arrived.push(first.found)
    }
    const first = this.#looked[0]?.id ?? Number.POSITIVE_INFINITY
    if (this.#isStoredKnown && !this.#isClosed) {
      this.#reservation?.raise(first)
      if (first === Number.POSITIVE_INFINITY) this.#reservation = null
    }
    this.#look()
  }

  #fail(error: unknown): void {
    this.#failure ??= { error }
    this.#look()
  }
}
