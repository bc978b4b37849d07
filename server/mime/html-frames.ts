/** A finished document of one HTML part, and the text in it, by which its height is guessed. */
export type FramedPart = { readonly document: string; readonly text: string }

/** HTML parts that are shown of one mail. */
export const MAX_FRAMES = 50

/**
 * Several HTML parts as one document without scripts: each in a frame of its own, so that an open comment or
 * attribute ends with its part. Joined, the first part of an EFAIL mail would send the second one away in the
 * address of a picture (mailparser.md, fault 5). Such a frame inherits the policy of the document around it,
 * has an origin of its own, and needs no request, so that `frame-src 'none'` lets it be.
 */
export function framedDocument(parts: readonly FramedPart[]): string {
  const frames = parts.slice(0, MAX_FRAMES).map(({ document, text }, index) => {
    const title = `HTML part ${index + 1} of ${parts.length}`
    return `<iframe title="${title}" style="height:${guessedHeight(document, text)}em" sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer" srcdoc="${escaped(document)}"></iframe>`
  })
  const left = parts.length - frames.length
  const note = left > 0 ? `<p>${left} more HTML parts are not shown.` : ''
  return `<!doctype html><title>HTML parts</title><style>${STYLE}</style>${frames.join('')}${note}`
}

/** A frame cannot fit its content without a script: it scrolls, and can be dragged taller. */
const STYLE =
  'body{margin:0}iframe{display:block;box-sizing:border-box;width:100%;max-height:95vh;resize:vertical;border:0;border-bottom:1px solid #8884}p{font:1em sans-serif;margin:1em}'

const LINE = 80

/** In em: a line for each line of text, and some for each picture. */
function guessedHeight(document: string, text: string): number {
  let lines = 3
  for (const line of text.slice(0, 20_000).split('\n')) lines += 1 + Math.floor(line.length / LINE)
  const images = document.match(/<img\b/gi)?.length ?? 0
  return Math.min(Math.ceil(lines * 1.3) + images * 12, 200)
}

/** As the value of a quoted attribute. */
function escaped(document: string): string {
  return document.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
}
