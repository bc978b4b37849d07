import { decodeHTML } from 'entities'
import { scanHtml } from './html-scan.ts'

/**
 * How many references to outside an HTML document holds that a browser would follow by itself: images, style
 * sheets, fonts, media, frames. Links that a person must click are none. Linear.
 */
export function countRemoteReferences(html: string): number {
  let count = 0
  // Where the next of them is: most tags hold neither, and are not looked into.
  let slashes = -1
  let ampersand = -1
  scanHtml(html, {
    tag(name, isEnd, start, end) {
      if (isEnd) return
      if (slashes < start) slashes = nextOf(html, '//', start)
      if (ampersand < start) ampersand = nextOf(html, '&', start)
      if (slashes >= end && ampersand >= end) return
      const tag = html.slice(start, end)
      const text = tag.includes('&') ? decodeHTML(tag) : tag
      if (!text.includes('//')) return
      count += matches(text, LINKS.has(name) ? SOURCES_ONLY : SOURCES)
      count += matches(text, CSS_URLS)
    },
    raw(name, start, end) {
      if (name !== 'style') return
      if (slashes < start) slashes = nextOf(html, '//', start)
      if (slashes < end) count += matches(html.slice(start, end), CSS_URLS)
    },
  })
  return count
}

function nextOf(html: string, wanted: string, from: number): number {
  const at = html.indexOf(wanted, from)
  return at === -1 ? html.length : at
}

/** Their `href` is for a person to follow. */
const LINKS: ReadonlySet<string> = new Set(['a', 'area', 'base'])

const SOURCES =
  /[\s"'/](?:src|srcset|background|poster|data|lowsrc|dynsrc|href|xlink:href)\s{0,99}=\s{0,99}["']?\s{0,99}(?:https?:|ftp:)?\/\//gi
const SOURCES_ONLY = /[\s"'/](?:background)\s{0,99}=\s{0,99}["']?\s{0,99}(?:https?:|ftp:)?\/\//gi
const CSS_URLS = /(?:url\(\s{0,99}["']?|@import\s{0,99}["'])\s{0,99}(?:https?:|ftp:)?\/\//gi

function matches(text: string, pattern: RegExp): number {
  let count = 0
  for (const _ of text.matchAll(pattern)) count++
  return count
}
