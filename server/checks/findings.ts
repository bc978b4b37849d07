import type { ClientSupport, Finding, Place, Severity } from './report.ts'

/** What a check says when it finds something. */
export type Rule = Pick<Finding, 'check' | 'severity' | 'title' | 'why' | 'fix'> & {
  readonly url?: string
  readonly clients?: readonly ClientSupport[]
  readonly notes?: Readonly<Record<string, string>>
}

/** Places that are listed of one finding; more are counted. */
export const MAX_PLACES = 10

const ORDER: readonly Severity[] = ['error', 'warning', 'info']

/** Collects what a check finds: the same thing at many places is one finding. */
export class Findings {
  readonly #byKey = new Map<string, Rule & { count: number; where: Place[] }>()

  /** `place` is asked only where it will be listed: most of seven thousand are not. */
  add(rule: Rule, place?: () => Place): void {
    const key = `${rule.check} ${rule.title}`
    let finding = this.#byKey.get(key)
    if (!finding) {
      finding = { ...rule, count: 0, where: [] }
      this.#byKey.set(key, finding)
    }
    finding.count++
    if (place && finding.where.length < MAX_PLACES) finding.where.push(place())
  }

  /** Errors first, then what most mail clients lack, then in the order of being found. */
  list(): readonly Finding[] {
    const found = [...this.#byKey.values()]
    return found.sort(
      (a, b) =>
        ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity) || lackingIn(b) - lackingIn(a),
    )
  }
}

function lackingIn({ clients = [] }: Rule): number {
  return clients.filter(({ support }) => support === 'no').length
}
