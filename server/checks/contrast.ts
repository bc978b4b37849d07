import { type Element, isTag, isText } from '../mime/html-tree.ts'
import { contrast, over } from './colour.ts'
import type { Findings, Rule } from './findings.ts'
import { type Look, lookOf, PAGE, sheetRules } from './look.ts'
import type { HtmlPart } from './mail.ts'

/** In CSS pixels: text is too small below the one, and not meant to be read below the other. */
const SMALLEST = 10
const UNREAD = 3

/**
 * Computes the contrast of every text whose colours inline styles and attributes tell (WCAG 2.2, 1.4.3), and finds text
 * that is too small. What a style sheet or an image decides is left out: of that nothing is known here. Answers how many
 * pieces of text were looked at.
 */
export function lookAtContrast(
  html: HtmlPart,
  sheets: readonly string[],
  findings: Findings,
): number {
  const rules = sheetRules(sheets)
  if (!rules) return 0
  let count = 0
  const rest: { element: Element; look: Look }[] = []
  const push = (nodes: readonly unknown[], look: Look) => {
    for (let at = nodes.length - 1; at >= 0; at--) {
      const node = nodes[at] as Element
      if (isTag(node) && !UNSEEN.has(node.name)) rest.push({ element: node, look })
    }
  }
  push(html.tree.root.children, PAGE)
  for (let next = rest.pop(); next; next = rest.pop()) {
    const look = lookOf(next.element, next.look, rules)
    if (look.isHidden) continue
    const own = next.element.children.find(node => isText(node) && /[\p{L}\p{N}]/u.test(node.data))
    if (own && (look.size === null || look.size >= UNREAD)) {
      count++
      judge(next.element, own.startIndex ?? 0, look, html, findings)
    }
    push(next.element.children, look)
  }
  return count
}

const UNSEEN: ReadonlySet<string> = new Set(['head', 'style', 'script', 'title', 'template'])

function judge(
  element: Element,
  textStart: number,
  { colour, background, size, isBold }: Look,
  html: HtmlPart,
  findings: Findings,
): void {
  const place = () => html.place(element.startIndex ?? 0, textStart + 60)
  if (size !== null && size < SMALLEST) findings.add(SMALL, place)
  if (!colour || !background || colour[3] === 0) return
  const ratio = contrast(over(colour, background), background)
  // WCAG 2.2, 1.4.3: large is 24 pixels, or 18.66 and bold. Of an unknown size the laxer line holds.
  const isLarge = size === null || size >= 24 || (isBold && size >= 18.66)
  if (ratio >= (isLarge ? 3 : 4.5)) return
  const rule = ratio < 2 ? FAINT : LOW
  findings.add(rule, () => ({
    ...place(),
    excerpt: `${ratio.toFixed(1)} : 1, ${hex(colour)} on ${hex(background)}: ${place().excerpt ?? ''}`,
  }))
}

const hex = (colour: readonly number[]): string =>
  `#${colour
    .slice(0, 3)
    .map(value => Math.round(value).toString(16).padStart(2, '0'))
    .join('')}`

const LOW: Rule = {
  check: 'accessibility.contrast',
  severity: 'warning',
  title: 'Text with too little contrast',
  why: 'People with weak eyes, and everybody in the sun, cannot read it: WCAG 2.2 (1.4.3) asks for 4.5 : 1, and 3 : 1 for large text.',
  fix: 'Make the text darker or its background lighter, or the other way round.',
}
const FAINT: Rule = {
  check: 'accessibility.contrast-faint',
  severity: 'error',
  title: 'Text that can hardly be seen',
  why: 'Its contrast is below 2 : 1, less than half of what WCAG 2.2 (1.4.3) asks for. Filters take it for hidden text.',
  fix: 'Give the text another colour; hide a preheader by display: none.',
}
const SMALL: Rule = {
  check: 'accessibility.small-text',
  severity: 'warning',
  title: `Text of less than ${SMALLEST} pixels`,
  why: 'It cannot be read on a phone without zooming; iOS makes it larger by itself, which breaks layouts.',
  fix: 'Use 14 pixels or more for text, and 12 for small print.',
}
