import { decodeHTML } from 'entities'
import { scanHtml } from './html-scan.ts'

/** Characters of HTML that text is made from: more than anybody reads, and what the worker's heap bears. */
export const MAX_HTML = 4 * 1024 * 1024

/** HTML as plain text: what a person would read in it, with a line for each block. Linear. */
export function htmlToText(source: string): string {
  return shownText(source, text => text.replace(/[ \t\r\n\f]+/g, ' '))
    .replace(/ {2,}/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The same with white space as it stands there, in a quarter of the time. `clean` is done to each piece. */
export function shownText(source: string, clean = (text: string) => text): string {
  const html = source.slice(0, MAX_HTML)
  let out = ''
  const add = (start: number, end: number) => {
    out += clean(html.slice(start, end))
  }
  scanHtml(html, {
    text: add,
    raw(name, start, end) {
      if (name === 'textarea' || name === 'xmp') add(start, end)
    },
    tag(name, isEnd) {
      if (PARAGRAPHS.has(name)) out += '\n\n'
      else if (BLOCKS.has(name)) out += '\n'
      else if (CELLS.has(name) && !isEnd) out += ' '
    },
  })
  return out.includes('&') ? decodeHTML(out) : out
}

const PARAGRAPHS: ReadonlySet<string> = new Set(['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'])
const CELLS: ReadonlySet<string> = new Set(['td', 'th'])
const BLOCKS: ReadonlySet<string> = new Set([
  'address',
  'article',
  'aside',
  'blockquote',
  'body',
  'br',
  'center',
  'dd',
  'div',
  'dl',
  'dt',
  'fieldset',
  'footer',
  'form',
  'header',
  'hr',
  'li',
  'main',
  'nav',
  'ol',
  'option',
  'pre',
  'section',
  'table',
  'tr',
  'ul',
])
