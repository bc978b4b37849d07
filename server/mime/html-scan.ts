/** What {@link scanHtml} tells, in document order. Offsets are into the document; names are in lower case. */
export type HtmlVisitor = {
  text?(start: number, end: number): void
  tag?(name: string, isEnd: boolean, start: number, end: number): void
  /** The content of an element that holds no markup, such as style or script. */
  raw?(name: string, start: number, end: number): void
  doctype?(start: number, end: number): void
}

/**
 * Cuts HTML into tags and text, as a browser's tokeniser does, so that what it takes for a comment or an
 * attribute is one here too. Builds no tree. Linear: whatever is never closed reaches to the end.
 */
export function scanHtml(html: string, visitor: HtmlVisitor): void {
  let at = 0
  let textStart = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open === -1) break
    const next = html.charCodeAt(open + 1)
    const isEnd = next === SLASH
    const isTag = isLetter(isEnd ? html.charCodeAt(open + 2) : next)
    if (!isTag && !isEnd && next !== EXCLAMATION_MARK && next !== QUESTION_MARK) {
      at = open + 1
      continue
    }
    if (open > textStart) visitor.text?.(textStart, open)
    at = isTag ? scanTag(html, open, isEnd, visitor) : scanOther(html, open, visitor)
    textStart = at
  }
  if (textStart < html.length) visitor.text?.(textStart, html.length)
}

/** Elements whose content the tokeniser does not read as markup when scripts are off. */
const RAW_TEXT: ReadonlySet<string> = new Set([
  'script',
  'style',
  'title',
  'textarea',
  'xmp',
  'iframe',
  'noembed',
  'noframes',
])

function scanTag(html: string, open: number, isEnd: boolean, visitor: HtmlVisitor): number {
  const nameStart = open + (isEnd ? 2 : 1)
  let nameEnd = nameStart
  while (nameEnd < html.length && !endsName(html.charCodeAt(nameEnd))) nameEnd++
  const name = html.slice(nameStart, Math.min(nameEnd, nameStart + 64)).toLowerCase()
  const end = tagEnd(html, nameEnd)
  visitor.tag?.(name, isEnd, open, end)
  if (isEnd || !RAW_TEXT.has(name)) return end
  const close = new RegExp(`</${name}(?=[\\t\\n\\f\\r />])`, 'gi')
  close.lastIndex = end
  const rawEnd = close.exec(html)?.index ?? html.length
  if (rawEnd > end) visitor.raw?.(name, end, rawEnd)
  return rawEnd
}

/** Just past the `>` that ends a tag: one inside a quoted attribute value does not. */
function tagEnd(html: string, from: number): number {
  // Character by character: a regular expression makes an object of each attribute, and takes three times as long.
  for (let at = from; at < html.length; at++) {
    const unit = html.charCodeAt(at)
    if (unit === GREATER_THAN) return at + 1
    if (unit !== EQUALS) continue
    let value = at + 1
    while (isSpace(html.charCodeAt(value))) value++
    const first = html.charCodeAt(value)
    if (first === DOUBLE_QUOTE || first === SINGLE_QUOTE) {
      value = html.indexOf(first === DOUBLE_QUOTE ? '"' : "'", value + 1)
      if (value === -1) return html.length
      at = value
    } else {
      at = value - 1
    }
  }
  return html.length
}

const EXCLAMATION_MARK = 0x21
const DOUBLE_QUOTE = 0x22
const SINGLE_QUOTE = 0x27
const SLASH = 0x2f
const EQUALS = 0x3d
const GREATER_THAN = 0x3e
const QUESTION_MARK = 0x3f

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d && unit !== 0x0b)
}

function endsName(unit: number): boolean {
  return isSpace(unit) || unit === SLASH || unit === GREATER_THAN
}

function isLetter(unit: number): boolean {
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** Comments, doctypes and what browsers read as a comment. */
function scanOther(html: string, open: number, visitor: HtmlVisitor): number {
  if (html.startsWith('<!--', open)) {
    // `<!-->` and `<!--->` are whole comments.
    const short = /-?>/y
    short.lastIndex = open + 4
    if (short.test(html)) return short.lastIndex
    const close = /--!?>/g
    close.lastIndex = open + 4
    return close.exec(html) ? close.lastIndex : html.length
  }
  const close = html.indexOf('>', open)
  const end = close === -1 ? html.length : close + 1
  if (/^<!doctype/i.test(html.slice(open, open + 9))) visitor.doctype?.(open, end)
  return end
}
