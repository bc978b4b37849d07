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
    const next = html[open + 1] ?? ''
    const isTag = /[A-Za-z]/.test(next) || (next === '/' && /[A-Za-z]/.test(html[open + 2] ?? ''))
    if (!isTag && next !== '!' && next !== '?' && next !== '/') {
      at = open + 1
      continue
    }
    if (open > textStart) visitor.text?.(textStart, open)
    at = isTag ? scanTag(html, open, next === '/', visitor) : scanOther(html, open, visitor)
    textStart = at
  }
  if (textStart < html.length) visitor.text?.(textStart, html.length)
}

const NAME = /[^\t\n\f\r />]+/y

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
  NAME.lastIndex = open + (isEnd ? 2 : 1)
  const name = (NAME.exec(html)?.[0] ?? '').slice(0, 64).toLowerCase()
  const end = tagEnd(html, NAME.lastIndex)
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
  const stop = /[>=]/g
  stop.lastIndex = from
  for (let match = stop.exec(html); match; match = stop.exec(html)) {
    if (match[0] === '>') return stop.lastIndex
    let value = stop.lastIndex
    while (isSpace(html.charCodeAt(value))) value++
    const quote = html[value]
    if (quote === '"' || quote === "'") {
      const close = html.indexOf(quote, value + 1)
      if (close === -1) return html.length
      value = close + 1
    }
    stop.lastIndex = value
  }
  return html.length
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d && unit !== 0x0b)
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
