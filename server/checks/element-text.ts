import { type Element, isTag, isText, nodesOf } from '../mime/html-tree.ts'

/** Elements whose text is never shown. */
const UNSEEN: ReadonlySet<string> = new Set(['style', 'script', 'title', 'template', 'head'])

/** Characters, and nodes, that are read of one element: what is longer is read by nobody. */
const MOST = 2_000

/** What an element says: its text, the alternative texts of its images, or its label; white space as one space. */
export function accessibleText(element: Element): string {
  const attribute = (of: Element, name: string) => (of.attribs[name] ?? '').slice(0, MOST)
  const label = attribute(element, 'aria-label').trim()
  if (label !== '') return label
  const own = element.name === 'area' ? attribute(element, 'alt') : ''
  let text = own
  let nodes = 0
  for (const node of nodesOf(element)) {
    if (text.length > MOST || ++nodes > MOST) break
    if (isTag(node)) text += ` ${attribute(node, 'alt')} `
    else if (isText(node) && !isUnseen(node.parent)) text += node.data.slice(0, MOST)
  }
  const read = text.replace(/[\s\u200b-\u200f\u2060\ufeff]+/g, ' ').trim()
  return read === '' ? attribute(element, 'title').trim() : read
}

function isUnseen(node: { readonly type: string } | null): boolean {
  return node !== null && 'name' in node && UNSEEN.has(String(node.name))
}
