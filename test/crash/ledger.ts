/** What can be found out about a store, as text: `entry /1 42` and what it has, as `sight.ts` writes it. */
export type Seen = ReadonlyMap<string, string>

/** What a key is to have: a value, nothing, or any value that fits. */
export type After = string | null | RegExp

/** One entry that an operation puts into mailboxes, under a number that is known when it is done. */
export type Created = {
  readonly mailboxes: readonly string[]
  readonly value: string
  /** The entry that it is a copy of: where retention was faster there is none. */
  readonly source?: string
}

/** An operation that was asked for: all of it happens, or nothing. */
export type Step = {
  readonly label: string
  readonly writes: ReadonlyMap<string, After>
  readonly creates: readonly Created[]
  /** The highest number that had been acknowledged when it was asked for. */
  readonly above: number
}

export const entryKey = (mailbox: string, number: number): string => `entry ${mailbox} ${number}`
const entryPattern = /^entry (\S*)\/(\d+) (\d+)$/
const catchAllInbox = '/1'

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
  /** Acknowledged, or found after a restart. */
  readonly state = new Map<string, string>()
  readonly #open = new Set<Step>()
  /** Steps that were refused: they have not happened, but the next start may find that they have. */
  readonly #refused = new Set<Step>()
  readonly #numbers = new Map<number, string>()
  readonly #marks = new Map<string, number>()
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

  /** Whether no step that is open has to do with a key. */
  isFree(key: string): boolean {
    for (const step of this.#open) {
      if (step.writes.has(key)) return false
      if (step.creates.some(({ source }) => source === key)) return false
    }
    return true
  }

  /** Whether no open step makes an entry that could be taken for this one. */
  isUnlike({ mailboxes, value }: Created): boolean {
    for (const { creates } of this.#open) {
      for (const other of creates) {
        if (other.value === value && other.mailboxes[0] === mailboxes[0]) return false
      }
    }
    return true
  }

  begin(
    label: string,
    writes: Iterable<readonly [string, After]>,
    creates: readonly Created[] = [],
  ): Step {
    const step: Step = { label, writes: new Map(writes), creates, above: this.#highest }
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
      if (after instanceof RegExp) this.#set(key, found.get(key) ?? null)
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

  /** The step was refused with an error. */
  refused(step: Step): void {
    this.#open.delete(step)
    this.#refused.add(step)
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
      if (written.has(key) || fits(seen.get(key), value)) continue
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
      const number = Number(entryPattern.exec(key)?.[3])
      const known = this.#numbers.get(number)
      this.wrong.push(`${key} is back, or from nowhere: ${value}${known ? `, once ${known}` : ''}`)
    }
  }

  /** Finds what a step has made; null for what it has not. */
  #findMade(step: Step, unknown: Map<string, string>): (number | null)[] {
    return step.creates.map(created => {
      const number = this.#find(created, unknown)
      if (number === null) {
        if (created.mailboxes.includes(catchAllInbox)) this.#lost.push(this.#highest)
        return null
      }
      for (const mailbox of created.mailboxes) unknown.delete(entryKey(mailbox, number))
      this.#create(step, created, number)
      return number
    })
  }

  /** Decides from what is found whether a step happened. */
  #settle(step: Step, seen: Seen, made: readonly (number | null)[]): void {
    const { label, creates, writes } = step
    const areMade = creates.every(
      ({ source }, index) => made[index] !== null || (source !== undefined && !seen.has(source)),
    )
    const areNone = made.every(number => number === null)
    const isLost = (key: string) => !seen.has(key) && this.#mayBeRetained(key)
    const isDone =
      areMade && [...writes].every(([key, after]) => fits(seen.get(key), after) || isLost(key))
    const isUndone =
      areNone &&
      [...writes.keys()].every(key => seen.get(key) === this.state.get(key) || isLost(key))
    for (const key of writes.keys()) this.#set(key, seen.get(key) ?? null)
    if (isDone || isUndone) return
    const found = [...writes].map(([key, after]) => `${key}: ${seen.get(key)}, not ${after}`)
    this.wrong.push(`${label} is half done: made ${made}; ${found.join('; ')}`)
  }

  /** The number under which an entry is found in all of its mailboxes, and which nobody knew of. */
  #find({ mailboxes, value }: Created, unknown: ReadonlyMap<string, string>): number | null {
    const [first = ''] = mailboxes
    for (const [key, found] of unknown) {
      const [, account, mailbox, text] = entryPattern.exec(key) ?? []
      if (found !== value || `${account}/${mailbox}` !== first) continue
      const number = Number(text)
      if (mailboxes.every(name => unknown.get(entryKey(name, number)) === value)) return number
    }
    return null
  }

  #create(step: Step, { mailboxes, value }: Created, number: number): void {
    const before = this.#numbers.get(number)
    this.#numbers.set(number, step.label)
    for (const mailbox of mailboxes) {
      this.#set(entryKey(mailbox, number), value)
      if (mailbox === catchAllInbox) this.#arrived.push(number)
    }
    if (before === undefined) return
    this.wrong.push(`${number} was given twice: ${before}, then ${step.label}`)
  }

  #set(key: string, value: After): void {
    if (value === null) this.state.delete(key)
    else if (typeof value === 'string') this.state.set(key, value)
  }

  /** Whether so many have come after an entry that retention may have taken it. */
  #mayBeRetained(key: string): boolean {
    if (this.maxMessages === null) return false
    const [, , mailbox, text] = entryPattern.exec(key) ?? []
    if (mailbox !== '1') return false
    const number = Number(text)
    if (!this.#arrived.includes(number)) return false
    const later = this.#arrived.filter(other => other > number).length
    const lost = this.#lost.filter(highest => highest >= number).length
    return later + lost >= this.maxMessages
  }
}
