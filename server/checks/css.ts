import type { CssNode, Raw, Selector, Value, WalkContext } from 'css-tree'
import parse from 'css-tree/parser'
import walk from 'css-tree/walker'

/** How selectors choose what they style. */
export type SelectorKind =
  | 'adjacent-sibling'
  | 'attribute'
  | 'chaining'
  | 'child'
  | 'class'
  | 'descendant'
  | 'general-sibling'
  | 'grouping'
  | 'id'
  | 'nesting'
  | 'type'
  | 'universal'

/** `name: value` as it stands there; names and what is in the sets are in lower case. */
export type Declaration = {
  readonly property: string
  readonly value: string
  readonly isImportant: boolean
  readonly functions: ReadonlySet<string>
  /** `%` among them. */
  readonly units: ReadonlySet<string>
  readonly keywords: ReadonlySet<string>
  /** What `url()` names. */
  readonly urls: readonly string[]
  /** Offsets into the CSS. */
  readonly start: number
  readonly end: number
}

/** The last compound of a selector: what an element itself must be. */
export type Subject = {
  readonly type: string | null
  readonly id: string | null
  readonly classes: readonly string[]
}

/** What is told of a style sheet, in its order. Offsets are into the CSS. */
export type CssVisitor = {
  declaration?(declaration: Declaration): void
  atRule?(name: string, mediaFeatures: readonly string[], start: number): void
  selector?(kind: SelectorKind, start: number): void
  /** `:hover` and `::before` alike, by name. */
  pseudo?(name: string, start: number): void
  rule?(subjects: readonly Subject[], properties: readonly string[]): void
  comment?(start: number): void
}

/**
 * Deeper brackets, longer sheets and more faults than anybody writes: what passes them is not read. The parser is
 * recursive, and goes through the whole text anew for each fault.
 */
export const CSS_LIMITS = { depth: 20, characters: 512 * 1024, faults: 500 } as const

/** Reads a style sheet, or with `isInline` the value of a `style` attribute. False where it passes the limits. */
export function readCss(css: string, visitor: CssVisitor, { isInline = false } = {}): boolean {
  if (css.length > CSS_LIMITS.characters || depthOf(css) > CSS_LIMITS.depth) return false
  return read(css, 0, visitor, isInline)
}

function read(css: string, offset: number, visitor: CssVisitor, isInline = false): boolean {
  const tree = parsed(css, offset, visitor, isInline)
  if (!tree) return false
  let isWhole = true
  let rules = 0
  walk(tree, {
    enter(this: WalkContext, node: CssNode) {
      if (node.type === 'Rule') rules++
      if (node.type !== 'Raw') tell(node, css, offset, visitor, rules > 1)
      else if (this.block && !this.declaration && node.value.includes('{')) {
        // A nested rule that begins with the name of an element is no declaration, which is all that the parser tries.
        const start = node.loc?.start.offset ?? offset
        visitor.selector?.('nesting', start)
        if (!read(node.value, start, visitor)) isWhole = false
      }
    },
    leave(node: CssNode) {
      if (node.type === 'Rule') rules--
    },
  })
  return isWhole
}

class TooManyFaults extends Error {
  override readonly name = 'TooManyFaults'
}

function parsed(
  css: string,
  offset: number,
  visitor: CssVisitor,
  isInline: boolean,
): CssNode | null {
  let faults = 0
  try {
    return parse(css, {
      context: isInline ? 'declarationList' : 'stylesheet',
      positions: true,
      offset,
      parseCustomProperty: false,
      onComment: (_text, place) => visitor.comment?.(place.start.offset),
      onParseError() {
        if (++faults > CSS_LIMITS.faults) throw new TooManyFaults()
      },
    })
  } catch (error) {
    if (error instanceof TooManyFaults) return null
    throw error
  }
}

function tell(
  node: CssNode,
  css: string,
  offset: number,
  visitor: CssVisitor,
  isInRule: boolean,
): void {
  const start = node.loc?.start.offset ?? 0
  switch (node.type) {
    case 'Declaration':
      visitor.declaration?.({
        property: node.property.startsWith('--') ? node.property : node.property.toLowerCase(),
        value: textOf(node.value, css, offset),
        isImportant: node.important !== false,
        ...contentOf(node.value),
        start,
        end: node.loc?.end.offset ?? start,
      })
      break
    case 'Atrule':
      visitor.atRule?.(node.name.toLowerCase(), mediaFeaturesOf(node), start)
      break
    case 'Rule':
      if (isInRule) visitor.selector?.('nesting', start)
      visitor.rule?.(subjectsOf(node.prelude), propertiesOf(node.block))
      break
    case 'SelectorList':
      if (node.children.size > 1) visitor.selector?.('grouping', start)
      break
    case 'Selector':
      tellSelector(node, start, visitor)
      break
    case 'PseudoClassSelector':
    case 'PseudoElementSelector':
      visitor.pseudo?.(node.name.toLowerCase(), start)
      break
  }
}

function textOf({ loc }: CssNode, css: string, offset: number): string {
  return loc ? css.slice(loc.start.offset - offset, loc.end.offset - offset).trim() : ''
}

const COMBINATORS: Readonly<Record<string, SelectorKind>> = {
  ' ': 'descendant',
  '>': 'child',
  '+': 'adjacent-sibling',
  '~': 'general-sibling',
}

function tellSelector(selector: Selector, start: number, visitor: CssVisitor): void {
  let inCompound = 0
  selector.children.forEach(node => {
    const at = node.loc?.start.offset ?? start
    switch (node.type) {
      case 'Combinator': {
        const kind = COMBINATORS[node.name]
        if (kind) visitor.selector?.(kind, at)
        inCompound = -1
        break
      }
      case 'ClassSelector':
        visitor.selector?.('class', at)
        break
      case 'IdSelector':
        visitor.selector?.('id', at)
        break
      case 'AttributeSelector':
        visitor.selector?.('attribute', at)
        break
      case 'TypeSelector':
        visitor.selector?.(node.name === '*' ? 'universal' : 'type', at)
        break
      case 'NestingSelector':
        visitor.selector?.('nesting', at)
        break
    }
    const isChained = node.type === 'ClassSelector' || node.type === 'IdSelector'
    if (isChained && inCompound > 0) visitor.selector?.('chaining', at)
    if (isChained || node.type === 'Combinator') inCompound++
  })
}

function subjectsOf(prelude: CssNode): readonly Subject[] {
  if (prelude.type !== 'SelectorList') return []
  return prelude.children.toArray().flatMap(selector => {
    if (selector.type !== 'Selector') return []
    const nodes = selector.children.toArray()
    const last = nodes.findLastIndex(({ type }) => type === 'Combinator') + 1
    const compound = nodes.slice(last)
    const named = (type: string) =>
      compound.flatMap(node => (node.type === type && 'name' in node ? [String(node.name)] : []))
    const [element = '*'] = named('TypeSelector')
    return [
      {
        type: element === '*' ? null : element.toLowerCase(),
        id: named('IdSelector')[0] ?? null,
        classes: named('ClassSelector'),
      },
    ]
  })
}

function propertiesOf(block: CssNode): readonly string[] {
  if (block.type !== 'Block') return []
  const nodes = block.children.toArray()
  return nodes.flatMap(node => (node.type === 'Declaration' ? [node.property.toLowerCase()] : []))
}

/** The names of what a media query asks for, such as `prefers-color-scheme`. */
function mediaFeaturesOf(node: CssNode): readonly string[] {
  const names: string[] = []
  if (node.type !== 'Atrule' || !node.prelude) return names
  walk(node.prelude, part => {
    if (part.type === 'Feature') names.push(part.name.toLowerCase())
  })
  return names
}

function contentOf(
  value: Value | Raw,
): Omit<Declaration, 'property' | 'value' | 'isImportant' | 'start' | 'end'> {
  const functions = new Set<string>()
  const units = new Set<string>()
  const keywords = new Set<string>()
  const urls: string[] = []
  walk(value, node => {
    switch (node.type) {
      case 'Function':
        functions.add(node.name.toLowerCase())
        break
      case 'Dimension':
        units.add(node.unit.toLowerCase())
        break
      case 'Percentage':
        units.add('%')
        break
      case 'Identifier':
        keywords.add(node.name.toLowerCase())
        break
      case 'Url':
        urls.push(node.value)
        break
    }
  })
  return { functions, units, keywords, urls }
}

/** How deep brackets are nested; those in strings count, which does no harm. */
function depthOf(css: string): number {
  let depth = 0
  let deepest = 0
  for (let at = 0; at < css.length; at++) {
    switch (css.charCodeAt(at)) {
      case 0x28:
      case 0x5b:
      case 0x7b:
        depth++
        if (depth > deepest) deepest = depth
        break
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (depth > 0) depth--
        break
    }
  }
  return deepest
}
