import type { Matcher } from '../../store/matcher.ts'
import { matcherAsJson } from './asked.ts'

/** One of the conditions of a matcher. */
export type Term = {
  /** The key, `header.NAME` for a header field. */
  readonly name: string
  readonly wanted: string
  /** A matcher of it alone. */
  readonly matcher: Matcher
}

/** The conditions of a matcher, each by itself, but for where it looks (`since`, `upto`). */
export function termsOf({ since: _since, upto: _upto, header, ...matcher }: Matcher): Term[] {
  const terms = Object.entries(matcher).flatMap(([key, value]): Term[] => {
    if (key === 'any' || key === 'not') {
      const alone = { [key]: value } as Matcher
      const asked = matcherAsJson(alone) as Record<string, unknown>
      return [{ name: key, wanted: JSON.stringify(asked[key]), matcher: alone }]
    }
    return [value].flat().map(one => ({
      name: key,
      wanted: wantedOf(key, one as string | number | boolean),
      matcher: { [key]: one } as Matcher,
    }))
  })
  for (const [name, values] of Object.entries(header ?? {})) {
    for (const wanted of [values].flat()) {
      terms.push({ name: `header.${name}`, wanted, matcher: { header: { [name]: wanted } } })
    }
  }
  return terms
}

const wantedOf = (key: string, value: string | number | boolean): string =>
  key === 'receivedAfter' || key === 'receivedBefore'
    ? new Date(value as number).toISOString()
    : String(value)
