/** What a style does to text, as far as it hides it. */
export type Look = {
  /** Not laid out, or where nobody sees it: whatever is in it as well. */
  readonly isGone: boolean
  /** Too small to be seen, until something in it has a size of its own. */
  readonly isTiny: boolean
  readonly isInvisible: boolean
  /** In the colour of its ground. */
  readonly isCamouflaged: boolean
}

export const NORMAL: Look = {
  isGone: false,
  isTiny: false,
  isInvisible: false,
  isCamouflaged: false,
}

export type Declarations = ReadonlyMap<string, string>

const MAX_STYLE = 5_000
const MAX_RULES = 1_000

/** `display: none; …` by property, in lower case; the last of a property. */
export function declarations(style: string): Declarations {
  const found = new Map<string, string>()
  for (const declaration of style.slice(0, MAX_STYLE).toLowerCase().split(';')) {
    const colon = declaration.indexOf(':')
    if (colon === -1) continue
    const value = declaration.slice(colon + 1).replace('!important', '')
    found.set(declaration.slice(0, colon).trim(), value.trim())
  }
  return found
}

/** The look of an element with that style, in one that looks like `parent`. */
export function lookOf(style: Declarations, parent: Look): Look {
  return { ...parent, ...ownLook(style) }
}

/** The part of a look that a style decides. */
function ownLook(style: Declarations): Partial<Look> {
  const own: { -readonly [K in keyof Look]?: boolean } = {}
  if (isGone(style)) own.isGone = true
  const size = style.get('font-size')
  if (size !== undefined) {
    const isTiny = isTinySize(size)
    if (isTiny !== null) own.isTiny = isTiny
  }
  const visibility = style.get('visibility')
  if (visibility !== undefined) own.isInvisible = visibility !== 'visible'
  const color = style.get('color')
  if (color !== undefined && !NO_COLOURS.has(color)) {
    const ground = style.get('background-color') ?? style.get('background')
    own.isCamouflaged = color === 'transparent' || colourOf(color) === colourOf(ground ?? '')
  }
  return own
}

const NO_COLOURS: ReadonlySet<string> = new Set(['inherit', 'initial', 'unset', 'currentcolor'])

function isGone(style: Declarations): boolean {
  if (style.get('display') === 'none') return true
  if (isZero(style.get('opacity'))) return true
  const position = style.get('position')
  if (style.get('overflow') === 'hidden') {
    if (SIZES.some(size => isZero(style.get(size)))) return true
    // What screen readers alone are told.
    if (position === 'absolute' && SIZES.some(size => style.get(size) === '1px')) return true
  }
  const isPlaced = position === 'absolute' || position === 'fixed'
  return (
    isFarOff(style.get('text-indent')) ||
    (isPlaced && (isFarOff(style.get('left')) || isFarOff(style.get('top'))))
  )
}

const SIZES = ['max-height', 'height', 'max-width', 'width']

function isZero(value: string | undefined): boolean {
  return value !== undefined && /^0*\.?0+(?:px|pt|em|rem|%)?$/.test(value)
}

function isFarOff(value: string | undefined): boolean {
  return value !== undefined && /^-\d{3,9}/.test(value)
}

/** Null where it says nothing by itself: what is relative to nothing stays nothing. */
function isTinySize(value: string): boolean | null {
  if (isZero(value)) return true
  const [, number, unit] = /^(\d{0,9}\.?\d{0,9})(px|pt|em|rem|%)?$/.exec(value) ?? []
  if (number === undefined) return false
  if (unit === 'em' || unit === '%') return null
  return unit !== 'rem' && Number(number) <= 1
}

/** `#fff`, `#ffffff` and `white` alike, `''` where there is no colour. */
function colourOf(value: string): string {
  const colour = /^(?:#[\da-f]{3,8}|[a-z]{3,20}|rgb\([\d\s,]{5,20}\))/.exec(value)?.[0] ?? ''
  if (/^#[\da-f]{3}$/.test(colour)) return colour.replace(/[\da-f]/g, '$&$&')
  if (colour === 'white') return '#ffffff'
  if (colour === 'black') return '#000000'
  // Not to be told from the ground without one.
  return colour === '' ? value || 'none' : colour.replace(/\s/g, '')
}

/**
 * The rules of a style sheet that hide a class or an id on every screen, by `.class` and `#id`. Linear.
 */
export function hidingRules(css: string): ReadonlyMap<string, Declarations> {
  const found = new Map<string, Declarations>()
  let at = 0
  for (let rules = 0; rules < MAX_RULES; rules++) {
    const open = css.indexOf('{', at)
    if (open === -1) break
    const selector = afterLast(css.slice(at, open), ['}', ';', '*/', '-->', '<!--']).trim()
    if (selector.startsWith('@')) {
      at = EVERYWHERE.test(selector) ? open + 1 : blockEnd(css, open)
      continue
    }
    const close = css.indexOf('}', open)
    if (close === -1) break
    at = close + 1
    const rule = declarations(css.slice(open + 1, close))
    if (!Object.values(ownLook(rule)).includes(true)) continue
    for (const name of selector.slice(0, MAX_STYLE).split(',')) {
      const match = NAME.exec(name.trim())
      if (match?.[1]) found.set(match[1], rule)
    }
  }
  return found
}

const EVERYWHERE = /^@media\s+(?:all|screen|all\s*,\s*screen|screen\s*,\s*all)$/i
const NAME = /^(?:[a-z][\w-]{0,20})?([.#][\w-]{1,100})$/i

function afterLast(text: string, marks: readonly string[]): string {
  const start = Math.max(
    ...marks.map(mark => {
      const at = text.lastIndexOf(mark)
      return at === -1 ? 0 : at + mark.length
    }),
  )
  return text.slice(start)
}

/** Just past the brace that closes the one at `open`. */
function blockEnd(css: string, open: number): number {
  let depth = 0
  for (let at = open; at < css.length; at++) {
    const unit = css.charCodeAt(at)
    if (unit === 0x7b) depth++
    else if (unit === 0x7d && --depth === 0) return at + 1
  }
  return css.length
}
