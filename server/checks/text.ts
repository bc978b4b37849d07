import { htmlToText } from '../mime/html-text.ts'
import { type Check, counted } from './check.ts'
import type { Rule } from './findings.ts'

/** Words that are compared; a mail has fewer. */
const WORDS = 20_000

/** The text part: whether there is one, and whether it says what the HTML says. */
export const text: Check = {
  group: 'text',
  run({ texts, htmls }, findings) {
    const plain = texts.map(part => part.text).join('\n')
    const html = htmls.map(part => htmlToText(part.text)).join('\n')
    const place = () => (texts[0] ? { part: texts[0].part.number } : {})
    if (texts.length === 0 && htmls.length === 0) findings.add(NOTHING)
    else if (texts.length === 0) findings.add(NO_TEXT)
    else if (plain.trim() === '') findings.add(html.trim() === '' ? NOTHING : EMPTY, place)
    else if (htmls.length > 0) {
      if (/<(?:p|div|table|br|body|html)\b[^<>]{0,200}>/i.test(plain)) findings.add(MARKUP, place)
      const shared = likeness(wordsOf(plain), wordsOf(html))
      if (shared !== null && shared < 0.5) findings.add(UNLIKE(shared), place)
    }
    return {
      looked: [
        `${counted(texts.length, 'text part')}, ${counted(htmls.length, 'HTML part')}`,
        ...(texts.length > 0 && htmls.length > 0
          ? ['how many words of the HTML the text has']
          : []),
      ],
    }
  },
}

/** Words and numbers of two characters and more; of scripts that are written without spaces, single characters. */
function wordsOf(text: string): ReadonlySet<string> {
  const words = new Set<string>()
  // An address stands in one of the two only: it is not what the mail says.
  const bare = text.slice(0, 1_000_000).replace(/https?:\/\/\S+/gi, ' ')
  for (const [word] of bare.matchAll(
    /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}]|[\p{L}\p{N}]{2,40}/gu,
  )) {
    words.add(word.normalize('NFKC').toLowerCase())
    if (words.size >= WORDS) break
  }
  return words
}

/** The part of the HTML’s words that the text has; null where there are too few to tell. */
function likeness(text: ReadonlySet<string>, html: ReadonlySet<string>): number | null {
  if (html.size < 8) return null
  let shared = 0
  for (const word of html) if (text.has(word)) shared++
  return shared / html.size
}

const NO_TEXT: Rule = {
  check: 'text.missing',
  severity: 'warning',
  title: 'There is no text part',
  why: 'Watches, notifications, screen readers and people who read mail as text get what their client makes of the HTML; filters take HTML alone as a sign of spam.',
  fix: 'Send multipart/alternative (RFC 2046 §5.1.4): the text first, then the HTML.',
}
const EMPTY: Rule = {
  check: 'text.empty',
  severity: 'error',
  title: 'The text part is empty',
  why: 'A client that shows text shows nothing at all, although there is HTML.',
  fix: 'Put the words of the HTML into the text part, or leave the part out.',
}
const NOTHING: Rule = {
  check: 'text.nothing',
  severity: 'warning',
  title: 'There is nothing to read',
  why: 'Neither a text nor an HTML part has any text.',
  fix: 'See whether the template was rendered.',
}
const MARKUP: Rule = {
  check: 'text.markup',
  severity: 'warning',
  title: 'The text part has HTML tags in it',
  why: 'It is shown as it stands, tags and all.',
  fix: 'Render the text part without markup.',
}
const UNLIKE = (shared: number): Rule => ({
  check: 'text.unlike',
  severity: 'warning',
  title: `The text part has ${Math.round(shared * 100)} % of the words of the HTML`,
  why: 'Both are the same mail in two forms (RFC 2046 §5.1.4); who reads the text misses something, and filters take the difference for spam.',
  fix: 'Make both from the same source.',
})
