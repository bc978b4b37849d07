import type { MessagePatch, MessageSummary } from '../server/http/resources.ts'
import { countWithin, holds, type SequenceSet } from './sequence-set.ts'

/**
 * One thing that changed the list. `from` and `to` are the feed's positions before and after the frame that
 * told of it: a page read at `to` or later knows of it already, one read at `from` or earlier does not.
 */
export type RowChange = { readonly from: number; readonly to: number } & (
  | { readonly type: 'added' /** Newest first. */; readonly rows: readonly MessageSummary[] }
  | { readonly type: 'removed'; readonly ids: SequenceSet }
  | { readonly type: 'changed'; readonly ids: SequenceSet; readonly patch: MessagePatch }
)

/** A page as the server gave it: the rows from `offset` on in the snapshot `upto`, read at `seq` of the feed. */
export type RowPage = {
  readonly offset: number
  readonly rows: readonly MessageSummary[]
  readonly upto: number
  readonly seq: number
  /** The rows follow upon this one, wherever it stands by now; `offset` is then of no account. */
  readonly after?: number | undefined
}

/** What to ask for: `limit` rows from `offset` on; `after` is the known row before them. */
export type Gap = {
  readonly offset: number
  readonly limit: number
  readonly after?: number | undefined
}

/** A request under way: the snapshot to ask in. */
export type Ticket = { readonly upto: number; readonly missed: RowChange[] }

type Run = { offset: number; rows: MessageSummary[]; upto: number; seq: number; used: number }

const newest = (run: Run): number => run.rows[0]?.id ?? 0
const oldest = (run: Run): number => run.rows.at(-1)?.id ?? 0

/** Rows asked for in one request. */
export const pageSize = 100
const maxRuns = 40

/**
 * The rows of a list that are known here, newest first: runs of neighbours, each with its place in the whole
 * list. Places count over the snapshot `upto`, which grows with every arrival; arrivals and removals move the
 * runs instead of asking the server again. At most 40 runs of about 100 rows are kept, the least used go.
 */
export class Rows {
  #runs: Run[] = []
  #tickets = new Set<Ticket>()
  #clock = 0
  #total: number
  #upto: number
  /** The feed's position at which the list was read. */
  readonly seq: number
  readonly #isWhole: boolean

  /**
   * @param isWhole the list holds every message: each removal counts. In a filtered list only what is known
   * to be in it can be counted.
   */
  constructor(list: { total: number; upto: number; seq: number }, isWhole: boolean) {
    this.#total = list.total
    this.#upto = list.upto
    this.seq = list.seq
    this.#isWhole = isWhole
  }

  /** How many rows the list has, known here or not. */
  get total(): number {
    return this.#total
  }

  /** The newest id that the list's places take account of. */
  get upto(): number {
    return this.#upto
  }

  /** How many rows are held. */
  get held(): number {
    return this.#runs.reduce((sum, run) => sum + run.rows.length, 0)
  }

  /** Every row that is held, newest first. */
  *known(): Generator<MessageSummary> {
    for (const run of this.#runs) yield* run.rows
  }

  at(index: number): MessageSummary | undefined {
    const run = this.#runs[this.#after(index) - 1]
    return run?.rows[index - run.offset]
  }

  /** Where a known row stands; undefined where it is not known here. */
  indexOf(id: number): number | undefined {
    for (const run of this.#runs) {
      if (id > newest(run)) return undefined
      if (id < oldest(run)) continue
      const at = run.rows.findIndex(row => row.id === id)
      return at < 0 ? undefined : run.offset + at
    }
    return undefined
  }

  /** Where a row stands or, once removed, would stand; undefined where that is not known here. */
  placeOf(id: number): number | undefined {
    let end = 0
    for (const run of this.#runs) {
      if (id > newest(run)) return run.offset === end ? end : undefined
      if (id >= oldest(run)) return run.offset + run.rows.findIndex(row => row.id <= id)
      end = run.offset + run.rows.length
    }
    return end === this.#total ? end : undefined
  }

  /**
   * Where rows stand that something is true of, as ascending ranges `[start, end)`. Of rows that are not known here only their number
   * is told, by `countGap`: they are taken to be the first ones of theirs, until they are known.
   * @param countGap how many of the `size` rows with ids from `first` to `last` it is true of
   */
  *placesOf(
    isMeant: (id: number) => boolean,
    countGap: (first: number, last: number, size: number) => number,
  ): Generator<readonly [start: number, end: number]> {
    let end = 0
    let above = this.#upto + 1
    const gap = (next: number, below: number): readonly [number, number] => {
      const size = next - end
      return [end, end + (size > 0 ? Math.min(size, countGap(below, above - 1, size)) : 0)]
    }
    for (const run of this.#runs) {
      yield gap(run.offset, newest(run) + 1)
      for (const [at, row] of run.rows.entries()) {
        if (isMeant(row.id)) yield [run.offset + at, run.offset + at + 1]
      }
      above = oldest(run)
      end = run.offset + run.rows.length
    }
    yield gap(this.#total, 1)
  }

  /** The first page that is missing in `[start, end)`, at most 100 rows; null where nothing is. */
  gap(start: number, end: number): Gap | null {
    let at = Math.max(0, start)
    const last = Math.min(end, this.#total)
    while (at < last) {
      const next = this.#after(at)
      const run = this.#runs[next - 1]
      const known = run ? run.offset + run.rows.length : 0
      if (at < known) {
        at = known
        continue
      }
      const limit = this.#runs[next]?.offset ?? this.#total
      // Towards the end of a gap take the page that touches its end, so that scrolling up asks for whole pages.
      const offset = Math.max(
        known,
        Math.min(at === known ? at : at - pageSize / 4, limit - pageSize),
      )
      const after = run && offset === known ? oldest(run) : undefined
      return { offset, limit: Math.min(pageSize, limit - offset), after }
    }
    return null
  }

  /** Marks what is on the screen, so that it is not dropped. */
  use(start: number, end: number): void {
    this.#clock += 1
    for (const run of this.#runs) {
      if (run.offset < end && run.offset + run.rows.length > start) run.used = this.#clock
    }
  }

  /** Before asking for a page: what changes until the answer is applied to the answer too. */
  begin(): Ticket {
    const ticket = { upto: this.#upto, missed: [] }
    this.#tickets.add(ticket)
    return ticket
  }

  /** Gives up a request. */
  drop(ticket: Ticket): void {
    this.#tickets.delete(ticket)
  }

  /**
   * Takes the answer of a request.
   * @returns false where it cannot be fitted in: the list must be read anew.
   */
  insert(ticket: Ticket, page: RowPage): boolean {
    this.#tickets.delete(ticket)
    this.#clock += 1
    const run: Run = { ...page, rows: [...page.rows], used: this.#clock }
    for (const change of ticket.missed) {
      if (change.type === 'added') run.offset += change.rows.length
      else if (change.type === 'changed') patchRun(run, change)
      else if (!this.#remove(run, change, page.after !== undefined)) return true // asked again
    }
    if (page.after !== undefined) {
      const before = this.indexOf(page.after)
      if (before === undefined) return true
      run.offset = before + 1
    }
    return this.#place(run)
  }

  /**
   * Applies a change.
   * @returns false where its effect cannot be known from here: the list must be read anew.
   */
  apply(change: RowChange): boolean {
    if (change.type === 'added') {
      this.#add(change)
      return true
    }
    for (const ticket of this.#tickets) ticket.missed.push(change)
    if (change.type === 'changed') {
      for (const run of this.#runs) patchRun(run, change)
      return true
    }
    return this.#isWhole ? this.#removeFromWhole(change) : this.#removeFromFiltered(change)
  }

  #add(change: RowChange & { type: 'added' }): void {
    const rows = change.rows.filter(row => row.id > this.#upto)
    const first = rows[0]
    if (!first) return
    for (const ticket of this.#tickets) ticket.missed.push({ ...change, rows })
    for (const run of this.#runs) run.offset += rows.length
    this.#total += rows.length
    this.#upto = first.id
    this.#clock += 1
    const head = this.#runs[0]
    const isRoom = head?.offset === rows.length && head.rows.length + rows.length <= 2 * pageSize
    // What was read later than this frame may know of changes in it that the arrivals do not.
    if (head && isRoom && (head.seq <= change.from || !this.#isWhole)) {
      head.offset = 0
      head.rows.unshift(...rows)
      head.upto = first.id
      head.seq = change.from
      return
    }
    for (let end = rows.length; end > 0; end -= pageSize) {
      const offset = Math.max(0, end - pageSize)
      const part = rows.slice(offset, end)
      this.#runs.unshift({
        offset,
        rows: part,
        upto: first.id,
        seq: change.from,
        used: this.#clock,
      })
    }
    this.#evict()
  }

  #removeFromWhole(change: RowChange & { type: 'removed' }): boolean {
    if (change.to > this.seq) this.#total -= countWithin(change.ids, 1, this.#upto)
    this.#runs = this.#runs.filter(run => this.#remove(run, change) && run.rows.length > 0)
    return true
  }

  /**
   * Takes a removal out of a run; false where the run may or may not know of it already.
   * @param isAnchored the run's place is found by the row before it, only its rows matter
   */
  #remove(run: Run, change: RowChange & { type: 'removed' }, isAnchored = false): boolean {
    if (run.rows.length === 0) return true
    const known = run.seq >= change.to ? run.upto : 0
    if (known === 0 && run.seq > change.from) {
      if (countWithin(change.ids, oldest(run), run.upto) > 0) return false
    }
    const above = countWithin(change.ids, Math.max(known, newest(run)) + 1, this.#upto)
    if (above > 0 && !this.#isWhole && !isAnchored) return false
    run.offset -= above
    if (known < newest(run)) run.rows = run.rows.filter(row => !holds(change.ids, row.id))
    return true
  }

  /** In a filtered list a removed id between two runs may have been in the list or not. */
  #removeFromFiltered(change: RowChange & { type: 'removed' }): boolean {
    let removed = 0
    let end = 0
    let above = this.#upto + 1
    let isSure = true
    for (const run of this.#runs) {
      const isGap = run.offset > end
      if (isGap && countWithin(change.ids, newest(run) + 1, above - 1) > 0) isSure = false
      above = oldest(run)
      end = run.offset + run.rows.length
      const rows = run.rows.filter(row => !holds(change.ids, row.id))
      run.offset -= removed
      removed += run.rows.length - rows.length
      run.rows = rows
    }
    if (end < this.#total && countWithin(change.ids, 1, above - 1) > 0) isSure = false
    this.#runs = this.#runs.filter(run => run.rows.length > 0)
    this.#total -= removed
    return isSure
  }

  /** The place of the first run that begins after `index`. */
  #after(index: number): number {
    let low = 0
    let high = this.#runs.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#runs[middle]?.offset ?? 0) <= index) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Puts a run between its neighbours; what they know already is left out of it. */
  #place(run: Run): boolean {
    const next = this.#after(run.offset)
    const before = this.#runs[next - 1]
    const after = this.#runs[next]
    if (before) {
      const overlap = before.offset + before.rows.length - run.offset
      if (overlap > 0) {
        run.rows = run.rows.slice(overlap)
        run.offset += overlap
      }
    }
    if (after) run.rows = run.rows.slice(0, Math.max(0, after.offset - run.offset))
    if (run.rows.length === 0) return true
    if (before && oldest(before) <= newest(run)) return false
    if (after && newest(after) >= oldest(run)) return false
    this.#runs.splice(next, 0, run)
    this.#evict()
    return true
  }

  #evict(): void {
    while (this.#runs.length > maxRuns) {
      let least = 0
      for (let at = 1; at < this.#runs.length; at++) {
        if ((this.#runs[at]?.used ?? 0) < (this.#runs[least]?.used ?? 0)) least = at
      }
      this.#runs.splice(least, 1)
    }
  }
}

const patchRun = (run: Run, { to, ids, patch }: RowChange & { type: 'changed' }): void => {
  if (run.seq >= to || countWithin(ids, oldest(run), newest(run)) === 0) return
  for (const [at, row] of run.rows.entries()) {
    if (holds(ids, row.id)) run.rows[at] = { ...row, ...patch }
  }
}
