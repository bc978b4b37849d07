/** What a stretch of a raw message is, for colouring it. */
export type RegionKind = 'header' | 'delimiter' | 'text' | 'encoded' | 'html' | 'style' | 'comment'

/** A stretch of the text, `[start, end)`. The regions of a text follow each other without a gap. */
export type Region = { readonly kind: RegionKind; readonly start: number; readonly end: number }

/** Characters of a header block that are looked at for its type. */
const maxHeader = 65_536
/** Characters of a line that may be a delimiter (RFC 2046 §5.1.1). */
const maxDelimiter = 1_000
const maxDepth = 50

type Body = { readonly kind: 'text' | 'encoded' | 'html' | 'message'; readonly boundary: string }

const field = (header: string, name: string): string =>
  new RegExp(`^${name}[ \\t]*:((?:[^\\r\\n]|\\r?\\n[ \\t])*)`, 'im').exec(header)?.[1]?.trim() ?? ''

/** What the header of a message or part says of the body that follows. */
const bodyOf = (header: string): Body => {
  const type = field(header, 'content-type')
  const encoding = field(header, 'content-transfer-encoding').toLowerCase()
  const boundary = /;\s*boundary\s*=\s*(?:"([^"]{0,998})"|([^\s;"]{1,998}))/i.exec(type)
  const main = /^[^\s;]*/.exec(type.toLowerCase())?.[0] ?? ''
  if (main.startsWith('multipart/') && boundary) {
    return { kind: 'text', boundary: (boundary[1] ?? boundary[2] ?? '').trimEnd() }
  }
  if (encoding.startsWith('base64')) return { kind: 'encoded', boundary: '' }
  if (main === 'message/rfc822' || main === 'message/global')
    return { kind: 'message', boundary: '' }
  return { kind: main === 'text/html' ? 'html' : 'text', boundary: '' }
}

/** Cuts the source of a message where one thing ends and another begins. Linear; whatever the text is, there are regions. */
export const messageRegions = (text: string): readonly Region[] => {
  const regions: Region[] = []
  const boundaries: string[] = []
  let kind: 'header' | 'text' | 'encoded' | 'html' = 'header'
  let start = 0
  const close = (end: number): void => {
    if (end <= start) return
    if (kind === 'html')
      for (const region of htmlRegions(text.slice(start, end), start)) regions.push(region)
    else regions.push({ kind, start, end })
    start = end
  }
  let at = 0
  while (at < text.length) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline + 1
    const isShort = end - at <= maxDelimiter
    const line = isShort ? text.slice(at, end).trimEnd() : ''
    const level = line.startsWith('--') ? delimiterLevel(boundaries, line) : -1
    if (level >= 0) {
      close(at)
      regions.push({ kind: 'delimiter', start: at, end })
      start = end
      const isLast = line !== `--${boundaries[level]}`
      boundaries.length = isLast ? level : level + 1
      kind = isLast ? 'text' : 'header'
    } else if (kind === 'header' && isShort && line === '') {
      const body = bodyOf(text.slice(start, Math.min(at, start + maxHeader)))
      close(end)
      if (body.boundary !== '' && boundaries.length < maxDepth) boundaries.push(body.boundary)
      kind = body.kind === 'message' ? 'header' : body.kind
    }
    at = end
  }
  close(text.length)
  return regions
}

/** Which of the open boundaries a line is the delimiter of, -1 for none. */
const delimiterLevel = (boundaries: readonly string[], line: string): number => {
  const level = boundaries.lastIndexOf(line.slice(2))
  return level < 0 && line.endsWith('--') ? boundaries.lastIndexOf(line.slice(2, -2)) : level
}

/**
 * Cuts HTML at its style sheets and comments, so that a block that begins inside one knows where it is. `offset` is where
 * the HTML stands in the text that the regions are of. Linear.
 */
export const htmlRegions = (html: string, offset = 0): readonly Region[] => {
  const regions: Region[] = []
  const opening = /<!--|<style(?=[\s>/])/gi
  let start = 0
  const put = (kind: RegionKind, end: number): void => {
    if (end > start) regions.push({ kind, start: offset + start, end: offset + end })
    start = end
  }
  for (let open = opening.exec(html); open; open = opening.exec(html)) {
    if (open[0] === '<!--') {
      put('html', open.index)
      const close = html.indexOf('-->', open.index)
      put('comment', close < 0 ? html.length : close + 3)
    } else {
      const tagEnd = html.indexOf('>', open.index)
      put('html', tagEnd < 0 ? html.length : tagEnd + 1)
      const closing = /<\/style/gi
      closing.lastIndex = start
      put('style', closing.exec(html)?.index ?? html.length)
    }
    opening.lastIndex = start
  }
  put('html', html.length)
  return regions
}
