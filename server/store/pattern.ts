import { RE2JS, RE2JSException } from 're2js'
import { fold } from '../mime/fold.ts'
import { QueryError } from './query-error.ts'
import type { Texts } from './texts.ts'

/** What a pattern was made of, so that another thread can make the same. `position` is that of its value in `q`. */
export type PatternSource = {
  /** `literal`: a substring, whatever it begins with. */
  readonly mode: 'substring' | 'whole' | 'literal'
  readonly value: string
  readonly parameter: string
  readonly position?: number
}

/** Whether a text is what was asked for. */
export type Pattern = {
  (text: string): boolean
  /** Whether one of several is it. */
  readonly some: (texts: Texts) => boolean
  /** What that costs at most, in instructions of an engine (about 20 ns each), beyond having folded them. */
  readonly price: (texts: Texts) => number
  readonly source: PatternSource
  /** What is sought, folded, where it is a substring and nothing else; else null. */
  readonly literal: string | null
  /** What it costs per character in the worst case, in instructions of an engine; 0 for what is no regular expression. */
  readonly cost: number
}

const longest = 1_000
/** Instructions of a compiled regular expression: repeats multiply. */
const largest = 5_000

const wrong = (message: string, { parameter, position }: PatternSource): QueryError =>
  new QueryError(message, parameter, position)

type Test = Pick<Pattern, 'some' | 'price'> & {
  readonly test: (text: string) => boolean
  readonly literal: string | null
  readonly cost: number
}

/** A regular expression, `/…/` or `/…/i`, on an engine that is linear in the text; null where it is none. */
const expression = (source: PatternSource): Test | null => {
  const match = /^\/(.+)\/(i?)$/s.exec(source.value)
  if (!match) return null
  const repeats = source.value.matchAll(/\{(\d+)(?:,(\d*))?\}/g)
  // To compile what repeats that much takes seconds, and that it is too large is only known then.
  if (sumOf(repeats) > largest) throw wrong('the regular expression is too large', source)
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(match[1] as string, match[2] ? RE2JS.CASE_INSENSITIVE : 0)
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw wrong(`not a regular expression: ${error.message}`, source)
  }
  const cost = compiled.programSize()
  if (cost > largest) throw wrong('the regular expression is too large', source)
  const test = (text: string): boolean => compiled.test(text)
  return {
    test,
    some: ({ values }) => values.some(test),
    price: ({ length }) => length * cost,
    literal: null,
    cost,
  }
}

/** So many characters are looked through in the time of an instruction. */
const atOnce = 16
/** What it costs to look through texts that are folded already. */
const priceOfLooking = ({ length, values }: Texts): number => length / atOnce + 2 * values.length

const sumOf = (repeats: Iterable<RegExpMatchArray>): number => {
  let sum = 0
  for (const [, least, most] of repeats) sum += Math.max(Number(least), Number(most ?? 0))
  return sum
}

const literal = (source: PatternSource): string => {
  const { mode, value } = source
  if (value === '') throw wrong('the value is empty', source)
  return fold(mode !== 'literal' && value.startsWith('\\/') ? value.slice(1) : value)
}

/** What a whole text is, folded, where a value stands for one text and no other; else null. */
export const exactly = (value: string): string | null => {
  if (/^\/.+\/i?$/s.test(value) || value.includes('*')) return null
  return fold(value.startsWith('\\/') ? value.slice(1) : value)
}

const includes = (source: PatternSource): Test => {
  const wanted = literal(source)
  return {
    test: text => fold(text).includes(wanted),
    some: texts => texts.hold(wanted),
    price: priceOfLooking,
    literal: wanted,
    cost: 0,
  }
}

const equals = (source: PatternSource): Test => {
  const wanted = literal(source)
  if (!wanted.includes('*')) {
    return {
      test: text => fold(text) === wanted,
      some: texts => texts.has(wanted),
      // The set of them is made once.
      price: () => 1,
      literal: null,
      cost: 0,
    }
  }
  const pieces = wanted.split('*')
  const first = pieces.shift() as string
  const last = pieces.pop() as string
  const isMatch = (folded: string): boolean => {
    if (folded.length < first.length + last.length) return false
    if (!folded.startsWith(first) || !folded.endsWith(last)) return false
    // Each piece as far to the left as it goes: linear, and right, since `*` takes anything.
    let at = first.length
    for (const piece of pieces) {
      const found = folded.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    return at <= folded.length - last.length
  }
  return {
    test: text => isMatch(fold(text)),
    some: ({ folded }) => folded.some(isMatch),
    price: priceOfLooking,
    literal: null,
    cost: 0,
  }
}

/** Makes the pattern. Throws a QueryError that names the parameter, and the place where it is known. */
export const compile = (source: PatternSource): Pattern => {
  if (source.value.length > longest) {
    throw wrong(`the value is longer than ${longest} characters`, source)
  }
  const { test, ...rest } =
    (source.mode === 'literal' ? null : expression(source)) ??
    (source.mode === 'whole' ? equals(source) : includes(source))
  return Object.assign((text: string) => test(text), { source, ...rest })
}

/** A case-insensitive substring, or a regular expression. */
export const substring = (value: string, parameter: string, position?: number): Pattern =>
  compile(at({ mode: 'substring', value, parameter }, position))

/** The whole text, case-insensitive, with `*` for any characters; or a regular expression. */
export const whole = (value: string, parameter: string, position?: number): Pattern =>
  compile(at({ mode: 'whole', value, parameter }, position))

const at = (source: PatternSource, position: number | undefined): PatternSource =>
  position === undefined ? source : { ...source, position }
