/** The search box's language as far as the page has to know it: where its terms are. The server alone decides. */

export type Term = {
  /** In lower case, without its colon; `''` for words. */
  readonly operator: string
  /** Without quotation marks. */
  readonly value: string
  readonly isNegated: boolean
  /** How many parentheses it stands in. */
  readonly depth: number
  /** Its place in the search, `-` included: `[start, end)`. */
  readonly start: number
  readonly end: number
}

export type Query = {
  readonly terms: readonly Term[]
  /** Whether there is an OR outside of parentheses. */
  readonly hasChoice: boolean
  /** False where a quotation mark or a parenthesis has no other half. */
  readonly isBalanced: boolean
}

/** Reads a search, also one that is being typed. */
export const readTerms = (text: string): Query => {
  const terms: Term[] = []
  const operator = /[a-z][a-z-]*:/iy
  const expression = /\/(?:[^\\/]|\\.)+\/i?(?=[\s()]|$)/sy
  let at = 0
  let depth = 0
  let negation: number | null = null
  let hasChoice = false
  let isBalanced = true
  const readValue = (isNamed: boolean): string => {
    expression.lastIndex = at
    const found = isNamed ? expression.exec(text)?.[0] : undefined
    if (found) {
      at += found.length
      return found
    }
    let value = ''
    while (at < text.length && !/[\s()]/.test(text[at] ?? '')) {
      if (text[at] !== '"') value += text[at++]
      else {
        const close = text.indexOf('"', at + 1)
        if (close < 0) isBalanced = false
        value += text.slice(at + 1, close < 0 ? text.length : close)
        at = close < 0 ? text.length : close + 1
      }
    }
    return value
  }
  while (at < text.length) {
    const character = text[at] ?? ''
    if (/\s/.test(character)) at += 1
    else if (character === '(' || character === ')') {
      depth += character === '(' ? 1 : -1
      if (depth < 0) {
        isBalanced = false
        depth = 0
      }
      negation = null
      at += 1
    } else if (character === '-' || character === '!') {
      negation ??= at
      at += 1
    } else {
      const start = at
      operator.lastIndex = at
      const name = operator.exec(text)?.[0] ?? ''
      at += name.length
      const value = readValue(name !== '')
      if (text.slice(start, at) === 'OR') hasChoice ||= depth === 0
      else {
        terms.push({
          operator: name.slice(0, -1).toLowerCase(),
          value,
          isNegated: negation !== null,
          depth,
          start: negation ?? start,
          end: at,
        })
      }
      negation = null
    }
  }
  return { terms, hasChoice, isBalanced: isBalanced && depth === 0 }
}

/** Whether an operator waits for its value before the caret: there is nothing to search for yet. */
export const isUnfinished = (text: string, caret: number): boolean =>
  readTerms(text).terms.some(
    ({ operator, value, end }) => operator !== '' && value === '' && end === caret,
  )

/** As the server compares: compatibility forms and case do not count. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

/** A term as it is typed. The language has no way to say a quotation mark: `*` stands for any character. */
export const formatTerm = (operator: string, value: string): string => {
  const said = value.replaceAll('"', '*')
  const text = /[\s()]/.test(said) ? `"${said}"` : said
  return operator ? `${operator}:${text}` : text
}

const inner = (value: string): string => /^<(.+)>$/s.exec(value)?.[1] ?? value

const isSame = (term: Term, operator: string, value: string): boolean =>
  term.operator === operator && fold(inner(term.value)) === fold(inner(value).replaceAll('"', '*'))

/** The terms that all of the search's results have: those that a facet can switch on and off. */
const required = (query: Query): readonly Term[] =>
  query.hasChoice || !query.isBalanced
    ? []
    : query.terms.filter(({ isNegated, depth }) => !isNegated && depth === 0)

/** Whether everything that a search finds has this; `<ann@example.com>` is the same as the address alone. */
export const hasTerm = (text: string, operator: string, value: string): boolean =>
  required(readTerms(text)).some(term => isSame(term, operator, value))

/** The values that everything a search finds has, of an operator; of `<ann@example.com>` the address. */
export const termValues = (text: string, operator: string): readonly string[] =>
  required(readTerms(text))
    .filter(term => term.operator === operator && term.value !== '')
    .map(({ value }) => inner(value))

const without = (text: string, terms: readonly Term[]): string => {
  let rest = text
  for (const { start, end } of terms.toReversed()) {
    rest = `${rest.slice(0, start).trimEnd()} ${rest.slice(end).trimStart()}`
  }
  return rest.trim()
}

/** The search without a term. */
export const withoutTerm = (text: string, operator: string, value: string): string =>
  without(
    text,
    required(readTerms(text)).filter(term => isSame(term, operator, value)),
  )

/** What waits for a term to come, at the end. */
const unfinished = /(?:(?:^|\s+|(?<=\)))(?:OR|[-!]+))+\s*$/

/**
 * The search narrowed by a term. What is there stays, but for what is not finished, a search that cannot be read, and,
 * with `isOnly`, the terms of the same operator: a mail has one sender, seldom two.
 */
export const withTerm = (
  before: string,
  operator: string,
  value: string,
  { isOnly = false } = {},
): string => {
  const term = formatTerm(operator, value)
  const text = before.replace(unfinished, '')
  const query = readTerms(text)
  if (!query.isBalanced) return term
  const inTheWay = isOnly ? required(query).filter(other => other.operator === operator) : []
  const empty = query.terms.filter(other => other.value.trim() === '')
  const rest = without(
    text,
    query.terms.filter(other => inTheWay.includes(other) || empty.includes(other)),
  )
  return `${readTerms(rest).hasChoice ? `(${rest})` : rest} ${term}`.trim()
}
