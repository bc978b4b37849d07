/** A URL that is written out in a text. */
export type TextUrl = { readonly url: string; readonly start: number; readonly end: number }

const LONGEST_SCHEME = 30

/**
 * The URLs of a text, in order: whatever has a scheme and `://`, up to white space or what a person would not take for a
 * part of it. Linear.
 */
export function textUrls(text: string, limit: number): readonly TextUrl[] {
  const urls: TextUrl[] = []
  let past = 0
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', Math.max(past, at + 3))) {
    if (urls.length === limit) break
    const scheme = SCHEME.exec(text.slice(Math.max(past, at - LONGEST_SCHEME), at))?.[0] ?? ''
    const start = at - scheme.length
    END.lastIndex = at + 3
    const stop = END.exec(text)?.index ?? text.length
    past = stop
    const end = start + withoutTrailing(text.slice(start, stop)).length
    if (scheme === '' || end <= at + 3) continue
    urls.push({ url: text.slice(start, end), start, end })
  }
  return urls
}

/** RFC 3986 §3.1, at the end of what stands before the colon. */
const SCHEME = /[a-z][a-z\d+.-]*$/i

/**
 * Delimiters of RFC 3986 appendix C, control characters and what turns the direction of text, and text of a language
 * without spaces, which follows without one.
 */
const END =
  /[\s\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<>"`|\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff00-\uffef«»“”„‹›\ufffc]/g

/** Without the full stop of the sentence, the bracket around it and the like; a bracket of its own stays. */
function withoutTrailing(url: string): string {
  let open = 0
  for (const character of url) open += BRACKETS.get(character) ?? 0
  let end = url.length
  for (; end > 0; end--) {
    const last = url[end - 1] as string
    if (BRACKETS.get(last) === -1 && open < 0) open++
    else if (!TRAILING.has(last)) break
  }
  return url.slice(0, end)
}

const BRACKETS: ReadonlyMap<string, number> = new Map([
  ['(', 1],
  ['[', 1],
  ['{', 1],
  [')', -1],
  [']', -1],
  ['}', -1],
])
/** A token may end in a hyphen, an underscore or `=`. */
const TRAILING: ReadonlySet<string> = new Set([..."'.,;:!?*’‘…\\"])
