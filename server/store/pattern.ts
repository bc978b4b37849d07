import { RE2JS, RE2JSException } from 're2js'
import { QueryError } from './query-error.ts'

/** Whether a text is what was asked for. */
export type Pattern = (text: string) => boolean

/** Text as searches compare it: compatibility forms and case do not count. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase()

const longest = 1_000

/** A regular expression, `/…/` or `/…/i`, on an engine that is linear in the text; null where it is none. */
const expression = (value: string, parameter: string): Pattern | null => {
  const match = /^\/(.+)\/(i?)$/s.exec(value)
  if (!match) return null
  try {
    const compiled = RE2JS.compile(match[1] as string, match[2] ? RE2JS.CASE_INSENSITIVE : 0)
    return text => compiled.matcher(text).find()
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error
    throw new QueryError(`not a regular expression: ${error.message}`, parameter)
  }
}

const literal = (value: string, parameter: string): string => {
  if (value === '') throw new QueryError('the value is empty', parameter)
  if (value.length > longest) {
    throw new QueryError(`the value is longer than ${longest} characters`, parameter)
  }
  return fold(value.startsWith('\\/') ? value.slice(1) : value)
}

/** A case-insensitive substring, or a regular expression. */
export const substring = (value: string, parameter: string): Pattern => {
  const regular = expression(value, parameter)
  if (regular) return regular
  const wanted = literal(value, parameter)
  return text => fold(text).includes(wanted)
}

/** The whole text, case-insensitive, with `*` for any characters; or a regular expression. */
export const whole = (value: string, parameter: string): Pattern => {
  const regular = expression(value, parameter)
  if (regular) return regular
  const wanted = literal(value, parameter)
  if (!wanted.includes('*')) return text => fold(text) === wanted
  const pieces = wanted.split('*')
  const first = pieces.shift() as string
  const last = pieces.pop() as string
  return text => {
    const folded = fold(text)
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
}
