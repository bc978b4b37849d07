import type { Element } from '../mime/html-tree.ts'
import { type Colour, over, readColour } from './colour.ts'
import { type Declaration, readCss, type Subject } from './css.ts'

/** How text looks, as far as inline styles and attributes tell; null is what a style sheet or an image decides. */
export type Look = {
  readonly colour: Colour | null
  readonly background: Colour | null
  /** In CSS pixels. */
  readonly size: number | null
  readonly isBold: boolean
  readonly isHidden: boolean
}

/** A page of which nothing is said. */
export const PAGE: Look = {
  colour: [0, 0, 0, 1],
  background: [255, 255, 255, 1],
  size: 16,
  isBold: false,
  isHidden: false,
}

/** What style sheets may decide, so that inline styles alone cannot tell: by the last compound of their selectors. */
export type SheetRules = {
  readonly colour: readonly Subject[]
  readonly background: readonly Subject[]
  readonly size: readonly Subject[]
}

/** Subjects that are compared with each element; a sheet with more makes every look unknown. */
const MOST_SUBJECTS = 300

/** Reads which elements the style sheets may colour. Null where there are too many to say. */
export function sheetRules(sheets: readonly string[]): SheetRules | null {
  const rules = { colour: [] as Subject[], background: [] as Subject[], size: [] as Subject[] }
  for (const sheet of sheets) {
    const isRead = readCss(sheet, {
      rule(subjects, properties) {
        for (const property of properties) {
          const key = DECIDES.get(property)
          if (key) rules[key].push(...subjects)
        }
      },
    })
    if (!isRead) return null
  }
  const sum = rules.colour.length + rules.background.length + rules.size.length
  return sum > MOST_SUBJECTS ? null : rules
}

const DECIDES: ReadonlyMap<string, keyof SheetRules> = new Map([
  ['color', 'colour'],
  ['background', 'background'],
  ['background-color', 'background'],
  ['background-image', 'background'],
  ['font', 'size'],
  ['font-size', 'size'],
])

/** What an element looks like within what is around it. */
export function lookOf(element: Element, around: Look, rules: SheetRules): Look {
  const declared = declarationsOf(element)
  const value = (property: string) => declared.get(property)?.value
  return {
    colour: colourOf(element, value('color'), around.colour, rules),
    background: backgroundOf(element, declared, around.background, rules),
    size: sizeOf(element, value('font-size'), declared.has('font'), around.size, rules),
    isBold: isBold(element, value('font-weight'), around.isBold),
    isHidden: around.isHidden || isHidden(element, declared),
  }
}

/** Styles are written over and over: most are read once. */
const known = new Map<string, ReadonlyMap<string, Declaration>>()
const MOST_KNOWN = { styles: 2_000, characters: 1_000 } as const

function declarationsOf({ attribs }: Element): ReadonlyMap<string, Declaration> {
  const style = attribs.style ?? ''
  const read = known.get(style)
  if (read) return read
  const declared = new Map<string, Declaration>()
  if (style !== '') {
    readCss(style, { declaration: each => declared.set(each.property, each) }, { isInline: true })
  }
  if (style.length <= MOST_KNOWN.characters) {
    if (known.size >= MOST_KNOWN.styles) known.clear()
    known.set(style, declared)
  }
  return declared
}

function colourOf(
  element: Element,
  inline: string | undefined,
  around: Colour | null,
  rules: SheetRules,
): Colour | null {
  if (inline !== undefined) {
    if (/^(?:inherit|unset|currentcolor)$/i.test(inline)) return around
    return readColour(inline)
  }
  if (isMatched(element, rules.colour)) return null
  const own = element.name === 'font' ? element.attribs.color : undefined
  const body = element.name === 'body' ? element.attribs.text : undefined
  const attribute = own ?? body
  if (attribute !== undefined) return readColour(attribute)
  // A link is blue where nothing says otherwise.
  return element.name === 'a' && element.attribs.href !== undefined ? [0, 0, 238, 1] : around
}

function backgroundOf(
  element: Element,
  declared: ReadonlyMap<string, Declaration>,
  around: Colour | null,
  rules: SheetRules,
): Colour | null {
  const shorthand = declared.get('background')
  const image = declared.get('background-image')
  const isPainted = [shorthand, image].some(
    each =>
      each && (each.urls.length > 0 || [...each.functions].some(name => /gradient/.test(name))),
  )
  if (isPainted || element.attribs.background !== undefined) return null
  const value =
    declared.get('background-color')?.value ?? (shorthand && firstColour(shorthand.value))
  if (value === undefined && isMatched(element, rules.background)) return null
  const given = value ?? element.attribs.bgcolor
  if (given === undefined || /^(?:inherit|initial|unset|none)$/i.test(given)) return around
  const colour = readColour(given)
  if (!colour) return null
  if (colour[3] === 1) return colour
  return around && over(colour, around)
}

/** Of the words of a shorthand the one that is a colour. */
function firstColour(value: string): string | undefined {
  const words = value.match(/[a-z-]+\([^()]*\)|[^\s,]+/gi) ?? []
  return words.find(word => readColour(word) !== null)
}

const SIZES: ReadonlyMap<string, number> = new Map([
  ['xx-small', 9],
  ['x-small', 10],
  ['small', 13],
  ['medium', 16],
  ['large', 18],
  ['x-large', 24],
  ['xx-large', 32],
])
const HEADINGS: ReadonlyMap<string, number> = new Map([
  ['h1', 32],
  ['h2', 24],
  ['h3', 18.72],
  ['h5', 13.28],
  ['h6', 10.72],
])

function sizeOf(
  element: Element,
  inline: string | undefined,
  hasShorthand: boolean,
  around: number | null,
  rules: SheetRules,
): number | null {
  if (inline !== undefined) return lengthOf(inline, around)
  if (hasShorthand || isMatched(element, rules.size)) return null
  return HEADINGS.get(element.name) ?? around
}

function lengthOf(text: string, around: number | null): number | null {
  const named = SIZES.get(text.toLowerCase())
  if (named !== undefined) return named
  const match = /^(\d{0,4}(?:\.\d{1,6})?)(px|pt|em|rem|%)$/i.exec(text)
  const number = Number(match?.[1])
  if (!match || Number.isNaN(number)) return null
  const unit = (match[2] as string).toLowerCase()
  if (unit === 'px') return number
  if (unit === 'pt') return (number * 4) / 3
  if (unit === 'rem') return number * 16
  return around === null ? null : unit === 'em' ? number * around : (number * around) / 100
}

function isBold(element: Element, inline: string | undefined, around: boolean): boolean {
  if (inline !== undefined && !/^inherit$/i.test(inline)) {
    return /^bold/i.test(inline) || Number(inline) >= 700
  }
  return around || /^(?:b|strong|h[1-6]|th)$/.test(element.name)
}

/** Preheaders are hidden on purpose, in one of these ways, or by their size. */
function isHidden({ attribs }: Element, declared: ReadonlyMap<string, Declaration>): boolean {
  const is = (property: string, pattern: RegExp) =>
    pattern.test(declared.get(property)?.value ?? '-')
  return (
    attribs.hidden !== undefined ||
    is('display', /^none/i) ||
    is('visibility', /^hidden/i) ||
    is('opacity', /^0(?:\.0+)?$/) ||
    is('max-height', /^0/) ||
    is('mso-hide', /^all/i)
  )
}

function isMatched(element: Element, subjects: readonly Subject[]): boolean {
  if (subjects.length === 0) return false
  const classes = (element.attribs.class ?? '').split(/\s+/, 20)
  return subjects.some(
    ({ type, id, classes: wanted }) =>
      (type === null || type === element.name) &&
      (id === null || id === element.attribs.id) &&
      wanted.every(name => classes.includes(name)),
  )
}
