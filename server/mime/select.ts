import { compile, type Options, selectAll } from 'css-select'
import { excerpt } from './excerpt.ts'
import { htmlToText, MAX_HTML } from './html-text.ts'
import { type Document, type Element, isTag, isText, nodesOf, parseHtml } from './html-tree.ts'
import { sortLeaves } from './leaves.ts'
import { withFiles } from './part-files.ts'
import type { SelectedElement } from './selected-element.ts'
import { readStructure } from './structure.ts'
import { TextReader } from './text-reader.ts'

export type { SelectedElement }

/** What a selector matches, or what is wrong with it. */
export type Selected =
  | {
      /** How many elements match; those beyond the limits are left out. */
      readonly total: number
      readonly elements: readonly SelectedElement[]
    }
  | { readonly fault: string }

export const SELECT_LIMITS = {
  elements: 1_000,
  /** Characters of the HTML of all elements together; the first one may have more. */
  html: 2 * 1024 * 1024,
  /** What a selector may look at before it is given up: about a second. */
  steps: 10_000_000,
} as const

/**
 * The elements of a mail's HTML that a CSS selector matches, in document order, part after part. Of each part the first 4 Mi
 * characters are read. Heavy, so it belongs into the worker; total: a selector that is none, or takes too long, is a fault.
 */
export async function readSelected(raw: Buffer, css: string): Promise<Selected> {
  const leaves = sortLeaves(withFiles(raw, readStructure(raw)))
  const htmls = await new TextReader(raw).read(leaves.html)
  return select(
    htmls.map(({ text }) => text),
    css,
  )
}

/** The same of documents. */
export function select(htmls: readonly string[], css: string): Selected {
  const options: Options<Node, Element> = { adapter: countingAdapter(), relativeSelector: false }
  const elements: SelectedElement[] = []
  let total = 0
  let left: number = SELECT_LIMITS.html
  try {
    const query = compile(css, options)
    for (const source of htmls) {
      const html = excerpt(source, MAX_HTML)
      const matching = selectAll(query, parseHtml(html).root as Node, options)
      total += matching.length
      for (const element of matching) {
        const { startIndex, endIndex } = element
        const length = (endIndex ?? 0) + 1 - (startIndex ?? 0)
        const isFull = elements.length === SELECT_LIMITS.elements || length > left
        if (isFull && elements.length > 0) break
        left -= length
        elements.push(selected(element, html.slice(startIndex ?? 0, (endIndex ?? 0) + 1)))
      }
    }
  } catch (error) {
    // Whatever is thrown comes of the selector: a syntax that is wrong, a pseudo-class that is not known, too many steps.
    return { fault: (error as Error).message }
  }
  return { total, elements }
}

function selected(element: Element, html: string): SelectedElement {
  const { name, attribs } = element
  const text = RAW_TEXT.has(name) ? textOf(element).trim() : htmlToText(html)
  return { name, attributes: { ...attribs }, text, html }
}

/** What they hold is no markup, and not shown. */
const RAW_TEXT: ReadonlySet<string> = new Set(['title', 'style', 'script'])

type Node = Document | Document['children'][number]

/**
 * Leads css-select through the tree, and counts: some selectors take time by the power of a document's depth
 * (`* * * * nothing`), or by the square of its width.
 */
function countingAdapter(): NonNullable<Options<Node, Element>['adapter']> {
  let steps = 0
  const step = (characters = 0) => {
    steps += 1 + characters / 50
    if (steps > SELECT_LIMITS.steps) throw new Error('it takes too long on this message')
  }
  const isElement = (node: Node): node is Element => {
    step()
    return isTag(node)
  }
  return {
    isTag: isElement,
    equals: (a, b) => {
      step()
      return a === b
    },
    getName: element => {
      step()
      return element.name
    },
    getParent: node => {
      step()
      return node.parent as Node | null
    },
    getChildren: node => {
      step()
      return 'children' in node ? node.children : []
    },
    getSiblings: node => {
      step()
      return node.parent?.children ?? [node]
    },
    prevElementSibling: node => {
      let before = node.prev
      while (before && !isElement(before)) before = before.prev
      return before
    },
    hasAttrib: (element, name) => {
      step()
      return Object.hasOwn(element.attribs, name)
    },
    getAttributeValue: ({ attribs }, name) => {
      const value = Object.hasOwn(attribs, name) ? attribs[name] : undefined
      step(value?.length)
      return value
    },
    getText: node => textOf(node, step),
    // Only what is searched from several places has such.
    removeSubsets: nodes => nodes,
  }
}

/** All text of a node as the document has it; tells of each piece. */
function textOf(node: Node, told: (characters: number) => void = () => {}): string {
  let text = ''
  for (const each of 'children' in node ? nodesOf(node) : [node]) {
    const data = isText(each) ? each.data : ''
    told(data.length)
    text += data
  }
  return text
}
