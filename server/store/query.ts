import { and, type Condition, not, or } from './condition.ts'
import * as field from './fields.ts'
import type { Pattern } from './pattern.ts'
import { PatternBudget } from './pattern-budget.ts'
import { QueryError } from './query-error.ts'

/**
 * The language of the search box (`q=`): words, "phrases", `operator:value`, `-` or `!` for not, OR, parentheses.
 *
 *     query = and *("OR" and)
 *     and   = 1*term
 *     term  = ["-" / "!"] ( "(" query ")" / operator ":" value / value )
 *     value = word / DQUOTE *any DQUOTE / "/" regular expression "/" ["i"]
 */

const limits = { length: 1_000, terms: 50, depth: 30 }

type Token =
  | { readonly kind: 'open' | 'close' | 'or' | 'not' | 'end'; readonly at: number }
  | {
      readonly kind: 'term'
      readonly at: number
      readonly operator: string
      readonly value: string
      readonly valueAt: number
    }

const wrong = (message: string, at: number): QueryError => new QueryError(message, 'q', at)

/** Splits a query into its tokens. */
const readTokens = (text: string): Token[] => {
  const tokens: Token[] = []
  const operator = /[a-z][a-z-]*:/iy
  const regular = /\/(?:[^\\/]|\\.)+\/i?(?=[\s()]|$)/sy
  let at = 0
  const quoted = (): string => {
    const from = at
    const close = text.indexOf('"', at + 1)
    if (close < 0) throw wrong('the quotation mark is not closed', from)
    at = close + 1
    return text.slice(from + 1, close)
  }
  const value = (isNamed: boolean): string => {
    regular.lastIndex = at
    const expression = isNamed ? regular.exec(text)?.[0] : undefined
    if (expression) {
      at += expression.length
      return expression
    }
    // `header:X-Kind="two words"` has its quotation marks inside.
    let result = ''
    while (at < text.length && !/[\s()]/.test(text[at] as string)) {
      result += text[at] === '"' ? quoted() : (text[at++] as string)
    }
    return result
  }
  while (at < text.length) {
    const character = text[at] as string
    if (/\s/.test(character)) at++
    else if (character === '(') tokens.push({ kind: 'open', at: at++ })
    else if (character === ')') tokens.push({ kind: 'close', at: at++ })
    else if (character === '-' || character === '!') tokens.push({ kind: 'not', at: at++ })
    else {
      const start = at
      operator.lastIndex = at
      const name = operator.exec(text)?.[0]
      if (name) at += name.length
      const valueAt = at
      const found = value(name !== undefined)
      if (!name && found === 'OR' && text.slice(start, at) === 'OR') {
        tokens.push({ kind: 'or', at: start })
      } else if (found.trim() === '') {
        throw wrong(
          name ? `${name} needs a value` : 'there is nothing in the quotation marks',
          start,
        )
      } else {
        const key = name ? name.slice(0, -1).toLowerCase() : ''
        tokens.push({ kind: 'term', at: start, operator: key, value: found, valueAt })
      }
    }
  }
  tokens.push({ kind: 'end', at })
  return tokens
}

/** The condition that a query stands for. Throws a QueryError that points at the place. */
export const readQuery = (text: string, now: number, budget = new PatternBudget()): Condition => {
  if (text.length > limits.length) {
    throw wrong(`a search has at most ${limits.length} characters`, limits.length)
  }
  const tokens = readTokens(text)
  const excess = tokens.filter(({ kind }) => kind === 'term')[limits.terms]
  if (excess) throw wrong(`a search has at most ${limits.terms} terms`, excess.at)
  let index = 0
  const peek = (): Token => tokens[index] as Token

  const term = (depth: number): Condition => {
    const token = tokens[index++] as Token
    switch (token.kind) {
      case 'not':
        if (depth >= limits.depth) throw wrong('the search is nested too deep', token.at)
        return not(term(depth + 1))
      case 'open': {
        if (depth >= limits.depth) throw wrong('the search is nested too deep', token.at)
        const inner = query(depth + 1)
        if (peek().kind !== 'close') throw wrong('the parenthesis is not closed', token.at)
        index++
        return inner
      }
      case 'term':
        return readTerm(
          token.operator,
          token.value,
          { now, budget },
          token.operator ? token.valueAt : token.at,
        )
      default:
        throw wrong('a word or an operator is missing here', token.at)
    }
  }
  const every = (depth: number): Condition => {
    const terms = [term(depth)]
    while (!['end', 'close', 'or'].includes(peek().kind)) terms.push(term(depth))
    return and(terms)
  }
  const query = (depth: number): Condition => {
    const choices = [every(depth)]
    while (peek().kind === 'or') {
      index++
      choices.push(every(depth))
    }
    return or(choices)
  }

  const condition = query(0)
  if (peek().kind !== 'end') throw wrong('there is no parenthesis to close', peek().at)
  return condition
}

const units: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

/** `1M`, `10k`, `500`: octets. */
const readSize = (value: string, at: number): number => {
  const match = /^(\d{1,12})([kmg]?)b?$/i.exec(value)
  if (!match) throw wrong(`not a size: ${value} (try 10k or 1M)`, at)
  return Number(match[1]) * 1024 ** ' kmg'.indexOf((match[2] || ' ').toLowerCase())
}

/** `2d`, `1h`: milliseconds. */
const readAge = (value: string, at: number): number => {
  const match = /^(\d{1,6})([smhdw])$/.exec(value)
  if (!match) throw wrong(`not an age: ${value} (try 2d or 1h)`, at)
  return Number(match[1]) * (units[match[2] as string] as number)
}

/** `2026-11-21`, with a time or without, UTC where no zone is said: milliseconds since 1970. */
const readDay = (value: string, at: number): number => {
  const match =
    /^(\d{4})[-/](\d\d)[-/](\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(
      value,
    )
  const [, year, month, day, time = 'T00:00', zone = 'Z'] = match ?? []
  const result = match ? Date.parse(`${year}-${month}-${day}${time}${zone}`) : Number.NaN
  // Date.parse takes 31 February for 3 March.
  const isDay =
    new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day)
  if (Number.isNaN(result) || !isDay) throw wrong(`not a date: ${value} (try 2026-11-21)`, at)
  return result
}

/** A substring, or the whole where `*` is used; `<ann@example.com>` is the whole address, as in RFC 5322 §3.4. */
const loose = (value: string, at: number, budget: PatternBudget): Pattern => {
  const angled = /^<(.+)>$/s.exec(value)?.[1]
  if (angled !== undefined) return budget.whole(angled, 'q', at + 1)
  if (value.includes('*') && !value.startsWith('/')) return budget.whole(value, 'q', at)
  return budget.substring(value, 'q', at)
}

const readTerm = (
  operator: string,
  value: string,
  { now, budget }: { readonly now: number; readonly budget: PatternBudget },
  at: number,
): Condition => {
  const farthest = Number.MAX_SAFE_INTEGER
  switch (operator) {
    case '':
      budget.count('q', at)
      return field.word(value)
    case 'from':
    case 'to':
    case 'cc':
    case 'bcc':
      return field.headerAddress([operator], loose(value, at, budget), true)
    case 'reply-to':
      return field.headerAddress(['replyTo'], loose(value, at, budget), true)
    case 'rcpt':
      return field.recipient(loose(value, at, budget))
    case 'addressed':
      return or([
        field.recipient(loose(value, at, budget)),
        field.headerAddress(['to', 'cc', 'bcc'], loose(value, at, budget), true),
      ])
    case 'subject':
      return field.indexed('subject', budget.substring(value, 'q', at))
    case 'body':
      return or([
        field.bodyText(budget.substring(value, 'q', at)),
        field.bodyHtml(budget.substring(value, 'q', at)),
      ])
    case 'message-id':
      return field.indexed('messageId', budget.substring(value, 'q', at))
    case 'header': {
      const equals = value.indexOf('=')
      if (equals < 1 || equals === value.length - 1) {
        throw wrong('header: needs a name and a value, header:X-Kind=receipt', at)
      }
      return field.headerField(
        value.slice(0, equals),
        budget.substring(value.slice(equals + 1), 'q', at + equals + 1),
      )
    }
    case 'tag':
      return field.tag(budget.whole(value, 'q', at))
    case 'inbox':
      return field.inbox(budget.whole(value, 'q', at))
    case 'user':
      return field.indexed('authUser', budget.whole(value, 'q', at))
    case 'filename':
      return field.fileName(loose(value, at, budget))
    case 'has':
      if (value === 'attachment') return field.hasParts('attachments', true)
      if (value === 'inline') return field.hasParts('inlines', true)
      if (value === 'code') return field.holds('codes')
      if (value === 'link') return field.holds('links')
      throw wrong(`has: takes attachment, inline, code or link, not ${value}`, at)
    case 'is':
      if (value === 'read') return field.unread(false)
      if (value === 'unread') return field.unread(true)
      if (value === 'tagged') return field.tagged
      if (value === 'flagged') return field.flagged
      throw wrong(`is: takes read, unread, tagged or flagged, not ${value}`, at)
    case 'after':
      return field.between('receivedAt', readDay(value, at), farthest)
    case 'before':
      return field.between('receivedAt', 0, readDay(value, at) - 1)
    case 'newer':
      return field.between('receivedAt', now - readAge(value, at), farthest)
    case 'older':
      return field.between('receivedAt', 0, now - readAge(value, at))
    case 'larger':
      return field.between('size', readSize(value, at) + 1, farthest)
    case 'smaller':
      return field.between('size', 0, readSize(value, at) - 1)
    default:
      throw wrong(`there is no operator ${operator}: (put the words in quotation marks)`, at)
  }
}
