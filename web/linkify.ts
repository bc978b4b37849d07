export type TextPiece = { readonly text: string; readonly href?: string }

const start = /https?:\/\//gi
// What no URL holds, and what ends one in running text.
const end = /[\s\u0000-\u001f\u007f-\u009f<>"`{}|\\^\u200b-\u200f\u2028-\u202f\u2066-\u2069]/g
const trailing = new Set([...'.,;:!?\'"*_~'])
const brackets = new Map([
  [')', '('],
  [']', '['],
])

/** Without the punctuation of the sentence around it; a bracket stays where it was opened inside the URL. */
const trim = (url: string): string => {
  const open = new Map<string, number>()
  for (const character of url) {
    const opener = brackets.get(character)
    if (opener) open.set(opener, (open.get(opener) ?? 0) - 1)
    else if (character === '(' || character === '[') {
      open.set(character, (open.get(character) ?? 0) + 1)
    }
  }
  let length = url.length
  for (; length > 0; length--) {
    const last = url.charAt(length - 1)
    const opener = brackets.get(last)
    if (opener && (open.get(opener) ?? 0) < 0) open.set(opener, (open.get(opener) ?? 0) + 1)
    else if (!trailing.has(last)) break
  }
  return url.slice(0, length)
}

/** Cuts a text at its http and https URLs; the pieces joined are the text. Linear in its length. */
export const linkify = (text: string): readonly TextPiece[] => {
  const pieces: TextPiece[] = []
  let done = 0
  start.lastIndex = 0
  for (let match = start.exec(text); match; match = start.exec(text)) {
    const from = match.index
    end.lastIndex = start.lastIndex
    const to = end.exec(text)?.index ?? text.length
    const url = trim(text.slice(from, to))
    start.lastIndex = to
    if (url.length <= match[0].length || !URL.canParse(url)) continue
    if (from > done) pieces.push({ text: text.slice(done, from) })
    pieces.push({ text: url, href: url })
    done = from + url.length
  }
  if (done < text.length) pieces.push({ text: text.slice(done) })
  return pieces
}
