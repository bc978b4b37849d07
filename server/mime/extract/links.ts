import { ending, excerpt } from '../excerpt.ts'
import { readAttributes } from '../html-attributes.ts'
import { type Anchor, decoded, type HtmlText, type TagSpan } from '../html-text.ts'
import { type Link, MAX_HREF, MAX_IMAGES, MAX_LINKS } from './link.ts'
import { type FoundLink, linkKinds } from './link-kind.ts'
import { textUrls } from './text-urls.ts'

/** A text/plain part. */
export type TextSource = { readonly part: string; readonly text: string }

/** A text/html part, and what was read of it. */
export type HtmlSource = {
  readonly part: string
  readonly html: string
  readonly reading: HtmlText
}

/** Characters of a link's text, and of what stands before it. */
const MAX_TEXT = 200

/**
 * The links and pictures of a mail, in the order of its parts and of their text; each once per part. `unsubscribe` has the
 * addresses of its List-Unsubscribe field. Linear.
 */
export function findLinks(
  texts: readonly TextSource[],
  htmls: readonly HtmlSource[],
  unsubscribe: ReadonlySet<string>,
): readonly Link[] {
  const found = [...texts.flatMap(linksOfText), ...htmls.flatMap(linksOfHtml)]
  const links = found.slice(0, MAX_LINKS)
  const kinds = linkKinds(links, unsubscribe)
  const named = links.map(
    ({ href, text, part }, index): Link => ({
      href,
      text,
      kind: kinds[index] as Link['kind'],
      part,
    }),
  )
  const images = htmls.flatMap(imagesOf).slice(0, MAX_IMAGES)
  return withoutRepeats([...named, ...images])
}

function linksOfText({ part, text }: TextSource): FoundLink[] {
  return writtenUrls(text, part).map(({ link }) => link)
}

/** The URLs that are written out in a text; an anchor knows better than the words before it. */
function writtenUrls(
  text: string,
  part: string,
): { readonly at: number; readonly link: FoundLink }[] {
  let past = 0
  return textUrls(text, MAX_LINKS).flatMap(({ url, start, end }) => {
    const words = wordsBefore(ending(text.slice(past, start), 2 * MAX_TEXT))
    past = end
    const link = {
      href: url,
      text: words,
      part,
      before: () => unended(words),
      isButton: false,
      isWritten: true,
    }
    return url.length > MAX_HREF ? [] : [{ at: start, link }]
  })
}

function linksOfHtml({ part, html, reading }: HtmlSource): FoundLink[] {
  const { encoded, anchors } = reading
  const links: { readonly at: number; readonly link: FoundLink }[] = []
  for (const anchor of anchors) {
    const attributes = readAttributes(html.slice(anchor.start, anchor.end))
    const href = cleaned(attributes.get('href') ?? '')
    if (href === '' || href.length > MAX_HREF || isHidden(attributes)) continue
    const shown = oneLine(excerpt(encoded.slice(anchor.from, anchor.to), 2 * MAX_TEXT))
    const link = {
      href,
      text:
        shown === ''
          ? label(attributes) || imageText(html, anchor.image)
          : excerpt(shown, MAX_TEXT),
      part,
      before: () => unended(lineBefore(encoded, anchor.from)),
      isButton: anchor.holdsButton || looksLikeButton(attributes),
      isWritten: false,
    }
    links.push({ at: anchor.from, link })
  }
  if (!encoded.includes('://')) return links.map(({ link }) => link)
  let next = 0
  for (const { at, link } of writtenUrls(encoded, part)) {
    while (next < anchors.length && (anchors[next] as Anchor).to <= at) next++
    const isAnchor = ((anchors[next] as Anchor | undefined)?.from ?? encoded.length) <= at
    if (isAnchor) continue
    const words = decoded(link.text)
    links.push({
      at,
      link: {
        ...link,
        href: cleaned(decoded(link.href)),
        text: words,
        before: () => unended(words),
      },
    })
  }
  return links.sort((a, b) => a.at - b.at).map(({ link }) => link)
}

function imagesOf({ part, html, reading }: HtmlSource): Link[] {
  const images: Link[] = []
  for (const { start, end } of reading.images) {
    if (images.length === MAX_IMAGES) break
    const attributes = readAttributes(html.slice(start, end))
    const href = cleaned(attributes.get('src') ?? '')
    if (!/^(?:https?:)?\/\//i.test(href) || href.length > MAX_HREF) continue
    const text = excerpt(oneLine(attributes.get('alt') ?? ''), MAX_TEXT)
    images.push({ href, text, kind: 'image', part })
  }
  return images
}

/** As a browser takes an address: without tabs and line ends, or white space around it, other controls encoded. */
function cleaned(href: string): string {
  return href
    .replace(/[\t\r\n]+/g, '')
    .trim()
    .replace(/[\u0000-\u001f\u007f-\u009f]/g, encodeURIComponent)
}

function isHidden(attributes: ReadonlyMap<string, string>): boolean {
  const style = attributes.get('style') ?? ''
  return attributes.has('hidden') || (style !== '' && /display\s{0,9}:\s{0,9}none/i.test(style))
}

function looksLikeButton(attributes: ReadonlyMap<string, string>): boolean {
  if (attributes.get('role')?.toLowerCase() === 'button') return true
  const names = attributes.get('class')
  if (names !== undefined && BUTTON.test(names)) return true
  const style = attributes.get('style')
  return style !== undefined && BACKGROUND.test(style) && PADDING.test(style)
}

const BUTTON = /(?:^|[\s_-])(?:btn|button|cta)(?:$|[\s_\d-])/i
const BACKGROUND =
  /background(?:-color|-image)?\s{0,9}:\s{0,9}(?!none|transparent|inherit|initial)/i
const PADDING =
  /padding|border\s{0,9}:|line-height\s{0,9}:\s{0,9}[3-9]\dpx|display\s{0,9}:\s{0,9}(?:inline-)?block/i

/** What a link without text is called. */
function label(attributes: ReadonlyMap<string, string>): string {
  const name =
    attributes.get('aria-label') ?? attributes.get('title') ?? attributes.get('alt') ?? ''
  return excerpt(oneLine(name), MAX_TEXT)
}

function imageText(html: string, image: TagSpan | null): string {
  return image ? label(readAttributes(html.slice(image.start, image.end))) : ''
}

function lineBefore(encoded: string, place: number): string {
  const window = encoded.slice(Math.max(place - MAX_TEXT, 0), place)
  return oneLine(window.slice(window.lastIndexOf('\n') + 1))
}

function oneLine(encoded: string): string {
  return decoded(encoded).replace(/\s+/g, ' ').trim()
}

/** The words that stand before an address: on its line, or else on the line above it. */
function wordsBefore(text: string): string {
  const lines = text.split('\n')
  for (let at = lines.length - 1; at >= 0; at--) {
    const words = (lines[at] as string).replace(/^[\s>)\]},;.*•·–—-]+|[\s:<([{>»→=*•·–—-]+$/g, '')
    if (/[\p{L}\p{N}]/u.test(words))
      return ending(lastSentence(words.replace(/\s+/g, ' ')), MAX_TEXT)
  }
  return ''
}

function lastSentence(text: string): string {
  const end = /^.*(?:[.!?]\s+|[。！？]\s*)(?=\S)/s.exec(text)?.[0].length ?? 0
  return text.slice(end)
}

/** What a sentence has before the link that ends it. */
function unended(text: string): string {
  return /[.!。！]\s*$/.test(text)
    ? ''
    : text.slice((/^.*[.!。！]\s/s.exec(text)?.[0] ?? '').length)
}

/** Without those that stand there twice. */
function withoutRepeats(links: readonly Link[]): readonly Link[] {
  const seen = new Set<string>()
  return links.filter(({ href, text, kind, part }) => {
    const key = `${part} ${kind} ${href} ${text}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
