/** What can be found out about a store, as text: `entry /1 42` and what it has, as `sight.ts` writes it. */
export type Seen = ReadonlyMap<string, string>

/** What a key is to have: a value, nothing, or any value that fits. */
export type After = string | null | RegExp

/** What an operation makes under one number, which is known when it is done: in one place, or in several. */
export type Created = {
  readonly entries: readonly { readonly place: string; readonly value: string }[]
  /** The entry that it is a copy of: where retention was faster there is none. */
  readonly source?: string
}

/** An operation that was asked for: all of it happens, or nothing. */
export type Step = {
  readonly label: string
  readonly writes: ReadonlyMap<string, After>
  readonly creates: readonly Created[]
  /** What it relies on: nobody else changes it meanwhile. */
  readonly reads: ReadonlySet<string>
  /** The highest number that had been acknowledged when it was asked for. */
  readonly above: number
}

/** The place of a mailbox: an account's name, which is empty for the catch-all, and a number. */
export const catchAllInbox = '/1'

export const entryKey = (place: string, number: number): string => `entry ${place} ${number}`
const entryPattern = /^entry (\S*)\/(\d+) (\d+)$/

/** The place and the number of an entry; null for a key of something else. */
export const readEntryKey = (
  key: string,
): { readonly account: string; readonly place: string; readonly number: number } | null => {
  const [, account, mailbox, number] = entryPattern.exec(key) ?? []
  if (account === undefined) return null
  return { account, place: `${account}/${mailbox}`, number: Number(number) }
}

const isArrival = ({ entries }: Created): boolean =>
  entries.some(({ place }) => place === catchAllInbox)

const fits = (found: string | undefined, after: After): boolean => {
  if (after === null) return found === undefined
  if (found === undefined) return false
  return after instanceof RegExp ? after.test(found) : found === after
}

/**
 * What was acknowledged, and what was asked for and not answered. Whoever asks begins a step, and ends it with what he
 * was told; `check` holds what is found against that.
 */
export class Ledger {
  /** Acknowledged, or found after a restart; a pattern where nobody said what it came to. */
  readonly state = new Map<string, string | RegExp>()
  readonly #open = new Set<Step>()
  /** Steps that were refused: they have not happened, but the next start may find that they have. */
  readonly #refused = new Set<Step>()
  readonly #numbers = new Map<number, string>()
  readonly #marks = new Map<string, number>()
  /** By name: the highest UIDVALIDITY that a mailbox had that was made under it. */
  readonly #validities = new Map<string, number>()
  /** Every number that the catch-all ever had. */
  #arrived: number[] = []
  /** For each arrival that was not acknowledged and is lost, what the highest number was then. */
  readonly #lost: number[] = []
  #highest = 0
  /** The oldest beyond so many go by themselves; null keeps all. */
  maxMessages: number | null = null
  /** What broke the contract, in words. */
  readonly wrong: string[] = []
  acknowledged = 0

  /** The value of a key; undefined where there is none, or nobody said. */
  value(key: string): string | undefined {
    const value = this.state.get(key)
    return typeof value === 'string' ? value : undefined
  }

  /** Whether no open step changes a key. */
  isReadable(key: string): boolean {
    for (const { writes } of this.#open) if (writes.has(key)) return false
    return true
  }

  /** Whether no open step has to do with a key. */
  isFree(key: string): boolean {
    for (const step of this.#open) {
      if (step.writes.has(key) || step.reads.has(key)) return false
      if (step.creates.some(({ source }) => source === key)) return false
    }
    return true
  }

  /** Whether no open step makes an entry that could be taken for this one. */
  isUnlike({ entries: [entry] }: Created): boolean {
    for (const { creates } of this.#open) {
      for (const { entries } of creates) {
        const [other] = entries
        if (other?.place === entry?.place && other?.value === entry?.value) return false
      }
    }
    return true
  }

  begin(
    label: string,
    writes: Iterable<readonly [string, After]>,
    creates: readonly Created[] = [],
    reads: Iterable<string> = [],
  ): Step {
    const step: Step = {
      label,
      writes: new Map(writes),
      creates,
      reads: new Set(reads),
      above: this.#highest,
    }
    this.#open.add(step)
    return step
  }

  /**
   * The step was acknowledged, with the numbers of what it created; null for one that was not there any more. What its
   * writes came to is `found`, where it could not be told before.
   */
  done(step: Step, numbers: readonly (number | null)[] = [], found: Seen = new Map()): void {
    this.acknowledged++
    this.#open.delete(step)
    for (const [key, after] of step.writes) {
      if (after instanceof RegExp) this.#made(key, found.get(key) ?? after)
      // Retention may have been faster; then there was nothing to change.
      else if (after === null || this.state.has(key) || !entryPattern.test(key))
        this.#set(key, after)
      for (const other of this.#refused) if (other.writes.has(key)) this.#refused.delete(other)
    }
    if (numbers.length !== step.creates.length) {
      this.wrong.push(`${step.label} made ${numbers.length} and not ${step.creates.length}`)
    }
    step.creates.forEach((created, index) => {
      const number = numbers[index]
      if (typeof number !== 'number') return
      if (number <= step.above) {
        this.wrong.push(`${step.label} was given ${number} after ${step.above}`)
      }
      this.#highest = Math.max(this.#highest, number)
      this.#create(step, created, number)
    })
  }

  /** There was nothing to be done, or it may not be: it has not happened, and will not. */
  denied(step: Step): void {
    this.#open.delete(step)
  }

  /** The step was refused with an error. */
  refused(step: Step): void {
    this.#open.delete(step)
    this.#refused.add(step)
  }

  /** Takes what every store has from its first start on. */
  adopt(seen: Seen): void {
    for (const [key, value] of seen) {
      if (key.startsWith('mailbox ')) this.#made(key, value)
      else if (!entryPattern.test(key)) this.#set(key, value)
    }
  }

  /** Holds that a figure of this name, once seen, never goes down. */
  mark(name: string, value: number): void {
    const before = this.#marks.get(name) ?? 0
    if (value < before) this.wrong.push(`${name} went down from ${before} to ${value}`)
    this.#marks.set(name, Math.max(before, value))
  }

  /** Holds what is found while nothing is under way, or after a restart, against what was acknowledged. */
  check(seen: Seen, { isRestarted }: { readonly isRestarted: boolean }): void {
    const unknown = new Map<string, string>()
    const written = new Set<string>()
    const undecided = isRestarted ? [...this.#open, ...this.#refused] : []
    if (!isRestarted && this.#open.size > 0) throw new Error('checked in the midst of it')
    for (const step of undecided) for (const key of step.writes.keys()) written.add(key)
    for (const [key, value] of seen) {
      if (!this.state.has(key) && !written.has(key)) unknown.set(key, value)
    }
    const made = undecided.map(step => this.#findMade(step, unknown))
    for (const [key, value] of this.state) {
      if (written.has(key)) continue
      if (fits(seen.get(key), value)) {
        if (value instanceof RegExp) this.#made(key, seen.get(key) ?? null)
        continue
      }
      if (!seen.has(key) && this.#mayBeRetained(key)) this.#set(key, null)
      else this.wrong.push(`${key} was ${value}, is ${seen.get(key) ?? 'gone'}`)
    }
    undecided.forEach((step, index) => {
      this.#settle(step, seen, made[index] ?? [])
    })
    if (isRestarted) {
      this.#open.clear()
      this.#refused.clear()
    }
    for (const [key, value] of unknown) {
      const known = this.#numbers.get(readEntryKey(key)?.number ?? 0)
      this.wrong.push(`${key} is back, or from nowhere: ${value}${known ? `, once ${known}` : ''}`)
    }
  }

  /** Finds what a step has made; null for what it has not. */
  #findMade(step: Step, unknown: Map<string, string>): (number | null)[] {
    return step.creates.map(created => {
      const number = this.#find(created, unknown)
      if (number === null) {
        if (isArrival(created)) this.#lost.push(this.#highest)
        return null
      }
      for (const { place } of created.entries) unknown.delete(entryKey(place, number))
      this.#create(step, created, number)
      return number
    })
  }

  /** Decides from what is found whether a step happened. */
  #settle(step: Step, seen: Seen, made: readonly (number | null)[]): void {
    const { label, creates, writes } = step
    const isLost = (key: string) => !seen.has(key) && this.#mayBeRetained(key)
    const areMade = creates.every(
      ({ source }, index) => made[index] !== null || (source !== undefined && isLost(source)),
    )
    const areNone = made.every(number => number === null)
    const isDone =
      areMade && [...writes].every(([key, after]) => fits(seen.get(key), after) || isLost(key))
    const isUndone =
      areNone &&
      [...writes.keys()].every(
        key => fits(seen.get(key), this.state.get(key) ?? null) || isLost(key),
      )
    for (const [key, after] of writes) {
      if (after instanceof RegExp && !isUndone) this.#made(key, seen.get(key) ?? null)
      else this.#set(key, seen.get(key) ?? null)
    }
    if (isDone || isUndone) return
    const found = [...writes].map(([key, after]) => `${key}: ${seen.get(key)}, not ${after}`)
    this.wrong.push(`${label} is half done: made ${made}; ${found.join('; ')}`)
  }

  /** The number under which all of it is found, and which nobody knew of. */
  #find({ entries }: Created, unknown: ReadonlyMap<string, string>): number | null {
    const [first] = entries
    for (const [key, found] of unknown) {
      const { place, number = 0 } = readEntryKey(key) ?? {}
      if (found !== first?.value || place !== first.place) continue
      if (entries.every(({ place, value }) => unknown.get(entryKey(place, number)) === value)) {
        return number
      }
    }
    return null
  }

  #create(step: Step, created: Created, number: number): void {
    const before = this.#numbers.get(number)
    this.#numbers.set(number, step.label)
    for (const { place, value } of created.entries) this.#set(entryKey(place, number), value)
    if (isArrival(created)) this.#arrived.push(number)
    if (before === undefined) return
    this.wrong.push(`${number} was given twice: ${before}, then ${step.label}`)
  }

  #set(key: string, value: After): void {
    if (value === null) this.state.delete(key)
    else this.state.set(key, value)
  }

  /** Sets what a mailbox came to that was made: its UIDVALIDITY is greater than any that it had under this name. */
  #made(key: string, value: After): void {
    this.#set(key, value)
    if (typeof value !== 'string') return
    const validity = Number(value.split(' ')[1])
    const before = this.#validities.get(key) ?? 0
    if (validity <= before) this.wrong.push(`${key}: UIDVALIDITY ${validity} after ${before}`)
    this.#validities.set(key, validity)
  }

  /** Whether so many have come after an entry that retention may have taken it. */
  #mayBeRetained(key: string): boolean {
    if (this.maxMessages === null) return false
    const { place, number = 0 } = readEntryKey(key) ?? {}
    if (!place?.endsWith(catchAllInbox)) return false
    if (!this.#arrived.includes(number)) return false
    const later = this.#arrived.filter(other => other > number).length
    const lost = this.#lost.filter(highest => highest >= number).length
    return later + lost >= this.maxMessages
  }
}
