import { readAttributes } from '../html-attributes.ts'
import { scanHtml } from '../html-scan.ts'
import type { HiddenText } from '../html-text.ts'
import { type Declarations, declarations, hidingRules, type Look, lookOf, NORMAL } from './style.ts'

type Open = { readonly name: string; readonly look: Look }

/** How far down the open elements are searched for the one that a tag ends: what makes it linear. */
const REACH = 64

/**
 * Knows which text of an HTML document nobody sees: preheaders for the list of a mail program, text of the colour of
 * its ground, and the like. Style attributes count, and rules of the document for a class or an id; a browser's tree is
 * followed as far as that matters.
 */
export class HiddenElements implements HiddenText {
  readonly #html: string
  readonly #rules: ReadonlyMap<string, Declarations>
  readonly #open: Open[] = []

  constructor(html: string) {
    this.#html = html
    this.#rules = hidingRules(sheetsOf(html))
  }

  get isHidden(): boolean {
    const look = this.#open.at(-1)?.look
    return (
      look !== undefined && (look.isGone || look.isTiny || look.isInvisible || look.isCamouflaged)
    )
  }

  tag(name: string, isEnd: boolean, start: number, end: number): void {
    if (isEnd) {
      this.#close(name, SCOPES.has(name) ? NOTHING : SCOPES)
      return
    }
    const ends = IMPLIED_ENDS.get(name)
    if (ends) for (const other of ends.names) this.#close(other, ends.within)
    if (VOID.has(name)) return
    const parent = this.#open.at(-1)?.look ?? NORMAL
    this.#open.push({ name, look: this.#look(this.#html.slice(start, end), parent) })
  }

  #look(tag: string, parent: Look): Look {
    if (!/style|hidden|class|id/i.test(tag)) return parent
    const attributes = readAttributes(tag)
    const style = new Map<string, string>()
    if (this.#rules.size > 0) {
      const classes = (attributes.get('class') ?? '').split(/\s+/, 20).map(name => `.${name}`)
      for (const name of [...classes, `#${attributes.get('id')}`]) {
        for (const [property, value] of this.#rules.get(name) ?? []) style.set(property, value)
      }
    }
    for (const [property, value] of declarations(attributes.get('style') ?? '')) {
      style.set(property, value)
    }
    if (attributes.has('hidden') && !style.has('display')) style.set('display', 'none')
    return style.size > 0 ? lookOf(style, parent) : parent
  }

  /** Ends the last element of that name, and what is open in it, unless another is between that it cannot leave. */
  #close(name: string, within: ReadonlySet<string>): void {
    const lowest = Math.max(this.#open.length - REACH, 0)
    for (let at = this.#open.length - 1; at >= lowest; at--) {
      const { name: open } = this.#open[at] as Open
      if (open === name) {
        this.#open.length = at
        return
      }
      if (within.has(open)) return
    }
  }
}

function sheetsOf(html: string): string {
  let sheets = ''
  scanHtml(html, {
    raw(name, start, end) {
      if (name === 'style') sheets += `${html.slice(start, end)}\n`
    },
  })
  return sheets
}

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '))

const NOTHING: ReadonlySet<string> = new Set()
const VOID = set('area base br col embed hr img input link meta param source track wbr')
/** An end tag of anything else leaves these open. */
const SCOPES = set('table td th caption button')
const TABLES = set('table')
const CELLS = { names: ['td', 'th'], within: TABLES }
const PARAGRAPH = { names: ['p'], within: SCOPES }

/** What a start tag ends without saying so, and what that must be in. */
const IMPLIED_ENDS: ReadonlyMap<
  string,
  { readonly names: readonly string[]; readonly within: ReadonlySet<string> }
> = new Map([
  ['td', CELLS],
  ['th', CELLS],
  ['tr', { names: ['td', 'th', 'tr'], within: TABLES }],
  ['li', { names: ['li'], within: set('ul ol table td th') }],
  ['dt', { names: ['dt', 'dd'], within: set('dl table td th') }],
  ['dd', { names: ['dt', 'dd'], within: set('dl table td th') }],
  ...[
    'address article aside blockquote center div dl fieldset footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section table ul',
  ]
    .flatMap(names => names.split(' '))
    .map(name => [name, PARAGRAPH] as const),
])
