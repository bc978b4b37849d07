import {
  Comment,
  Document,
  Element,
  isComment,
  isDirective,
  isTag,
  isText,
  type ParentNode,
  ProcessingInstruction,
  Text,
} from 'domhandler'
import { Parser } from 'htmlparser2'

export { Comment, Document, Element, isComment, isDirective, isTag, isText, Text }

/** More of a document than anybody means to send: what is past it is not in the tree. */
export const TREE_LIMITS = { elements: 100_000, depth: 500 } as const

/** A document and the place of everything in it: `startIndex` and `endIndex` of its nodes are offsets into the HTML. */
export type HtmlTree = {
  readonly root: Document
  /** True where the limits were passed, and the rest was not read. */
  readonly isCut: boolean
  /** The offset of an attribute of an element; of the element itself where it has none of that name. */
  attributeStart(element: Element, name: string): number
}

/**
 * Reads HTML into the nodes of domhandler, as forgiving as mail clients are: whatever it is, there is a tree. Linear:
 * the parser looks through the open elements at each end tag, and not more of them are open than the limit says.
 */
export function parseHtml(html: string): HtmlTree {
  const root = new Document([])
  const open: ParentNode[] = [root]
  const starts = new WeakMap<Element, ReadonlyMap<string, number>>()
  let attributes = new Map<string, number>()
  let elements = 0
  let isCut = false

  const add = <T extends Comment | Element | ProcessingInstruction | Text>(node: T): T => {
    const parent = open.at(-1) as ParentNode
    node.startIndex = parser.startIndex
    node.endIndex = parser.endIndex
    node.parent = parent
    const before = parent.children.at(-1)
    if (before) {
      node.prev = before
      before.next = node
    }
    parent.children.push(node)
    return node
  }
  const parser = new Parser({
    onattribute(name) {
      if (!attributes.has(name)) attributes.set(name, parser.startIndex)
    },
    onopentag(name, values) {
      const element = add(new Element(name, values))
      open.push(element)
      if (attributes.size > 0) {
        starts.set(element, attributes)
        attributes = new Map()
      }
      if (++elements >= TREE_LIMITS.elements || open.length > TREE_LIMITS.depth) {
        isCut = true
        parser.pause()
      }
    },
    onclosetag(_name, isImplied) {
      const element = open.pop()
      if (!element) return
      // What has no end tag ends with its own, or where something else begins.
      element.endIndex = isImplied
        ? Math.max(element.endIndex ?? 0, parser.startIndex - 1)
        : parser.endIndex
    },
    ontext(text) {
      const last = open.at(-1)?.children.at(-1)
      // What an entity stands for comes by itself.
      if (last && isText(last)) {
        last.data += text
        last.endIndex = parser.endIndex
      } else add(new Text(text))
    },
    oncomment: text => void add(new Comment(text)),
    onprocessinginstruction: (name, text) => void add(new ProcessingInstruction(name, text)),
  })
  parser.write(html)
  if (!isCut) parser.end()
  return {
    root,
    isCut,
    attributeStart: (element, name) => starts.get(element)?.get(name) ?? element.startIndex ?? 0,
  }
}

/** Every node below a node, in document order. No recursion: a tree may be as deep as it likes. */
export function* nodesOf(node: ParentNode): Generator<(typeof node.children)[number]> {
  const rest = [...node.children].reverse()
  for (let next = rest.pop(); next; next = rest.pop()) {
    yield next
    if ('children' in next) {
      for (let at = next.children.length - 1; at >= 0; at--) {
        rest.push(next.children[at] as (typeof next.children)[number])
      }
    }
  }
}

/** The elements below a node, in document order. */
export function* elementsOf(node: ParentNode): Generator<Element> {
  for (const each of nodesOf(node)) if (isTag(each)) yield each
}
