import { ending, excerpt } from '../excerpt.ts'
import { codeShapes, type Shape } from './code-shapes.ts'
import { languages } from './languages.ts'
import { textUrls } from './text-urls.ts'
import { type Found, wordFinder } from './words.ts'

/** What a number is called, in the order of preference. */
export type LabelKind = 'code' | 'coupon' | 'other' | 'bare' | 'access'
export type Label = Found<LabelKind>

const findLabels = wordFinder<LabelKind>({
  code: languages.map(({ code }) => code),
  coupon: languages.map(({ coupon }) => coupon),
  bare: languages.map(({ bare }) => bare),
  other: languages.map(({ other }) => other),
  access: languages.map(({ access }) => access),
})

/** The lines around a place; of those above and below the ones that say something, the nearest first. */
export type Surroundings = {
  /** Of the same line. */
  readonly before: string
  readonly after: string
  readonly above: readonly string[]
  readonly below: readonly string[]
}

/** Characters that are read of one text: a mail that is longer has its code before. */
const MAX_TEXT = 64 * 1024
/** Characters that are looked at before and after a place. */
const REACH = 400
const MAX_URLS = 1_000
/** Stands for what is no text to be read. */
const MASK = '\ufffc'

/** A text in which codes are looked for: what is called how is found out when it is first asked for. */
export class CodeText {
  /** The text with its URLs masked, and plain digits. */
  readonly text: string
  readonly shapes: readonly Shape[]
  #labels: readonly Label[] | undefined

  constructor(text: string) {
    this.text = withPlainDigits(withoutUrls(withoutInvisible(excerpt(text, MAX_TEXT))))
    this.shapes = codeShapes(this.text)
  }

  get labels(): readonly Label[] {
    this.#labels ??= findLabels(this.text)
    return this.#labels
  }

  names(...kinds: readonly LabelKind[]): boolean {
    return this.labels.some(({ kind }) => kinds.includes(kind))
  }

  /** Those that end before a place, the nearest first, as far as it is worth looking. */
  *labelsBefore(start: number, reach: number): Generator<Label> {
    for (let at = this.#indexOf(start) - 1; at >= 0; at--) {
      const label = this.labels[at] as Label
      if (label.end > start) continue
      if (label.end < start - reach) return
      yield label
    }
  }

  *labelsAfter(end: number, reach: number): Generator<Label> {
    for (let at = this.#indexOf(end); at < this.labels.length; at++) {
      const label = this.labels[at] as Label
      if (label.start > end + reach) return
      yield label
    }
  }

  surroundings({ start, end }: Pick<Shape, 'start' | 'end'>): Surroundings {
    const before = ending(this.text.slice(0, start), REACH).split('\n')
    const after = excerpt(this.text.slice(end), REACH).split('\n')
    return {
      before: before.at(-1) ?? '',
      after: after[0] ?? '',
      above: before.slice(0, -1).reverse().filter(isSaying),
      below: after.slice(1).filter(isSaying),
    }
  }

  /** The words around a place, for people. */
  around(shape: Shape): string {
    const { before, after, above } = this.surroundings(shape)
    const isAlone = !isText(before) && !isText(after)
    const written = this.text.slice(shape.start, shape.end)
    const head = isAlone ? `${ending(above[0] ?? '', CONTEXT)} ` : ''
    const line = `${head}${ending(before, CONTEXT)}${written}${excerpt(after, CONTEXT)}`
    return line
      .replace(/\ufffc+/g, '…')
      .replace(/\s+/g, ' ')
      .trim()
  }

  /** The first label that begins at or after a place. */
  #indexOf(place: number): number {
    let low = 0
    let high = this.labels.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.labels[middle] as Label).start < place) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Labels of a single line. */
export const labelsIn = findLabels

const CONTEXT = 80

/** Whether there is anything to be read in a line. */
export function isText(line: string): boolean {
  return /[\p{L}\p{N}\ufffc]/u.test(line)
}

/** Whether a line says something, and is not another code of a list. */
function isSaying(line: string): boolean {
  return /\p{L}/u.test(line) && !CODE_LINE.test(line.slice(0, 50))
}

const CODE_LINE = /^\s*(?:\d{1,2}[.)]\s*)?(?=[A-Z-]{0,9}\d)[A-Z\d]+(?:-[A-Z\d]+)*\s*$/

/** Of the same length, so that nothing in an address is taken for a code. */
function withoutUrls(text: string): string {
  const urls = textUrls(text, MAX_URLS)
  if (urls.length === 0) return text
  let masked = ''
  let at = 0
  for (const { start, end } of urls) {
    masked += text.slice(at, start) + MASK.repeat(end - start)
    at = end
  }
  return masked + text.slice(at)
}

/** Full-width and Arabic digits as ASCII ones. */
function withPlainDigits(text: string): string {
  if (!OTHER_DIGIT.test(text)) return text
  return text.replace(/[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/g, digit =>
    String(
      (digit.charCodeAt(0) - (digit >= '\uff10' ? 0xff10 : digit >= '\u06f0' ? 0x6f0 : 0x660)) % 10,
    ),
  )
}

const OTHER_DIGIT = /[\uff10-\uff19\u0660-\u0669\u06f0-\u06f9]/

/** Characters without width, which some put between the digits. */
function withoutInvisible(text: string): string {
  return INVISIBLE.test(text) ? text.replaceAll(new RegExp(INVISIBLE, 'g'), '') : text
}

const INVISIBLE =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]|\u034f/
