/** Something in a text that looks like a one-time code. */
export type Shape = {
  /** As one would type it: of digits in groups the digits alone, of anything else what is written. */
  readonly value: string
  readonly start: number
  readonly end: number
  readonly kind: 'digits' | 'mixed' | 'letters'
  /** It looks like something else as well (a year, a date, a part of a longer number): only its name can tell. */
  readonly isDoubtful: boolean
}

/** Shapes of one text that are looked at. */
const MAX_SHAPES = 300

/**
 * Everything in a text that has the shape of a code, in order: 4 to 8 digits, in groups or one in a cell; letters and
 * digits, also with hyphens; capitals. What stands at a word, a price, a time, a decimal or a path is left out. Linear.
 */
export function codeShapes(text: string): readonly Shape[] {
  const shapes: Shape[] = []
  // From digit to digit: a text has few, and every shape but capitals has one. What was looked at is not looked at
  // again, whatever came of it: else a number that is none would be found for ever.
  let past = 0
  for (let at = nextDigit(text, 0); at !== -1; at = nextDigit(text, past)) {
    const match = matchAround(text, at, past)
    past = match ? match.index + match[0].length : at + 1
    const shape = match && shapeOf(match, text)
    if (shape) shapes.push(shape)
    if (shapes.length === MAX_SHAPES) return shapes
  }
  if (!/[A-Z][A-Z-]{3}/.test(text)) return shapes
  for (const match of text.matchAll(CAPITALS)) {
    const shape = shapeOf(match, text)
    if (shape) shapes.push(shape)
    if (shapes.length === MAX_SHAPES) break
  }
  return shapes.sort((one, other) => one.start - other.start)
}

function nextDigit(text: string, from: number): number {
  DIGIT.lastIndex = from
  return DIGIT.test(text) ? DIGIT.lastIndex - 1 : -1
}

const DIGIT = /\d/g

/** What has the digit at a place, from where its word begins, or the single characters of the same code before that. */
function matchAround(text: string, at: number, least: number): RegExpExecArray | null {
  let start = at
  const lowest = Math.max(least, at - LONGEST)
  while (start > lowest && WORD.test(text[start - 1] as string)) start--
  const singles = SINGLES.exec(text.slice(Math.max(start - 14, least), start))?.[0].length ?? 0
  return (singles > 0 ? matchAt(text, start - singles) : null) ?? matchAt(text, start)
}

function matchAt(text: string, start: number): RegExpExecArray | null {
  WITH_DIGITS.lastIndex = start
  return WITH_DIGITS.exec(text)
}

const WORD = /[A-Za-z\d-]/
const SINGLES = /(?:(?<![A-Za-z\d])[A-Z](?: |\u00a0|[\t\n]{1,2}))+$/

type Place = { readonly written: string; readonly start: number; readonly end: number }

/** What parts the groups of a code. */
const SPACE = '[ \\u00a0\\u2000-\\u200a\\u202f]'
const DASH = '[-\\u2010-\\u2015·•]'
const PART = `(?:${SPACE}|${SPACE}?${DASH}${SPACE}?)`

/** In the order of preference where several begin at the same place. */
const WITH_DIGITS = new RegExp(
  [
    // One character in a cell, or half a code in each of the two cells of a row.
    '(?<![^\\t\\n])([A-Z\\d](?:[\\t\\n]{1,2}[A-Z\\d]){3,7})(?![^\\t\\n])',
    '(?<![^\\n])(?:\\d{3}\\t(?:[-–]\\t)?\\d{3})(?![^\\n])',
    `\\b[A-Z\\d](?:${PART}[A-Z\\d]){3,7}\\b(?!${PART}[A-Z\\d]\\b)`,
    `\\b\\d\\d(?:${PART}\\d\\d){1,3}\\b`,
    `\\b\\d{3}${PART}\\d{3}\\b`,
    `\\b\\d{4}${PART}\\d{4}\\b`,
    // `7XK9 PQ2M`
    `\\b(?=[A-Z]{0,4}\\d)(?=\\d{0,4}[A-Z])[A-Z\\d]{3,5}(?:${SPACE}(?=[A-Z]{0,4}\\d)[A-Z\\d]{3,5}){1,2}\\b`,
    '\\b(?=[A-Za-z-]{0,9}\\d)[A-Za-z\\d]+(?:-[A-Za-z\\d]+)*',
  ].join('|'),
  'y',
)

const CAPITALS = /(?<!-)\b(?:[A-Z]{2,8}(?:-[A-Z]{2,8}){1,2}|[A-Z]{5,10})\b(?!-)/g

function shapeOf(match: RegExpExecArray, text: string): Shape | null {
  const [written, cells] = match
  const start = match.index
  const place = { written, start, end: start + written.length }
  if (cells !== undefined) return joined(place)
  const value = valueIn(written)
  if (value === null || !standsFree(place, text)) return null
  const kind = kindOf(value)
  const isDoubtful =
    kind === 'digits' &&
    (looksLikeDate(written) || (written !== value && isCount(value)) || adjoinsDigits(place, text))
  return { value, start, end: place.end, kind, isDoubtful }
}

/** One character in a cell, or on a line. */
function joined({ written, start, end }: Place): Shape | null {
  const value = written.replace(/[\t\n]/g, '')
  if (!/\d/.test(value)) return null
  return { value, start, end, kind: kindOf(value), isDoubtful: isCount(value) }
}

function kindOf(value: string): Shape['kind'] {
  if (/^\d+$/.test(value)) return 'digits'
  return /\d/.test(value) ? 'mixed' : 'letters'
}

/** Null for what no code is like. */
function valueIn(written: string): string | null {
  if (written.length > LONGEST) return null
  const groups = written.split(/[^A-Za-z\d]+/)
  const characters = groups.join('')
  if (/^\d+$/.test(characters)) {
    if (characters.length < 4 || characters.length > 8) return null
    return groups.every(({ length }) => length === groups[0]?.length) ? characters : null
  }
  if (groups.every(({ length }) => length === 1)) return characters
  if (/\s/.test(written)) {
    return groups.every(({ length }) => length === groups[0]?.length) ? characters : null
  }
  if (groups.length > 3 || characters.length < 4 || characters.length > 12) return null
  if (groups.length === 1 && characters.length > 10) return null
  // `24h`, `1080p`, `2nd`
  return /^\d+[a-z]+$/.test(characters) ? null : written
}

const LONGEST = 40

/** Whether nothing beside it makes it a part of a word, a number, an amount, a time, an address. */
function standsFree({ written, start, end }: Place, text: string): boolean {
  const before = text[start - 1] ?? ''
  const after = text[end] ?? ''
  if (JOINED_BEFORE.test(before) || JOINED_AFTER.test(after)) return false
  // `****4242` is the end of a card's number, `**4242**` is bold.
  if (before === '*' && after !== '*') return false
  if (/[.,:]/.test(before) && /[\p{L}\d]/u.test(text[start - 2] ?? ''))
    return before === ':' && !/\d/.test(text[start - 2] ?? '')
  if (/[.,:'’-]/.test(after) && /\d/.test(text[end + 1] ?? '')) return false
  const left = text.slice(Math.max(start - 2, 0), start).trim()
  const right = text.slice(end, end + 2).trim()
  if (CURRENCY.test(left.slice(-1)) || CURRENCY.test(right.slice(0, 1))) return false
  if (/[©(]$/.test(left) && /^(?:19|20)\d\d$/.test(written)) return false
  // A longer number in groups.
  return !(
    /\D/.test(written) &&
    /\d$/.test(written) &&
    /^[ \u00a0]\d{2,4}(?!\d)/.test(text.slice(end, end + 6))
  )
}

const JOINED_BEFORE = /[A-Za-z\u00c0-\u024f_/\\@%&+$€£¥₹₽₩§~^?•×]/
const JOINED_AFTER = /[A-Za-z\u00c0-\u024f_/\\@%&+$€£¥₹₽₩°²³~^=×]/
const CURRENCY = /[$€£¥₹₽₩%‰]/

/** `1 2 3 4`: pages, rows, steps; and what a test writes. */
function isCount(value: string): boolean {
  return value.length < 10 && '123456789'.startsWith(value)
}

function looksLikeDate(written: string): boolean {
  if (/^(?:19|20)\d\d$/.test(written)) return true
  if (/^(?:19|20)\d\d\D+(?:19|20)\d\d$/.test(written)) return true
  if (/^\d\d\D+\d\d$/.test(written)) return true
  const [, year = '', month = '', day = ''] = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(written) ?? []
  if (year !== '') return isDay(month, day)
  const [, first = '', second = '', third = ''] = /^(\d\d)\D+(\d\d)\D+(\d\d)$/.exec(written) ?? []
  return first !== '' && (isDay(second, first) || isDay(first, second) || isDay(second, third))
}

function isDay(month: string, day: string): boolean {
  return Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= 31
}

/** More digits are beside it: of a phone number, say. `1. 482913` is the first of a list. */
function adjoinsDigits({ start, end }: Place, text: string): boolean {
  const before = text.slice(Math.max(start - 8, 0), start)
  const isListed = /(?:^|\n)[ \t]*\d{1,2}[.)] $/.test(before)
  return (
    (!isListed && /\d[)\]./ \u00a0-]{1,2}$/.test(before)) ||
    /^[ \u00a0/.-]\d/.test(text.slice(end, end + 2))
  )
}
