/** What SORT and THREAD compare of a subject (RFC 5256 §2.1). */
export type BaseSubject = {
  readonly text: string
  /** Something was taken off that marks a reply or a forwarded message (RFC 5256 §3). */
  readonly isReply: boolean
}

/** The base subject of a decoded subject. Linear. */
export function baseSubject(subject: string): BaseSubject {
  // The numbers are those of RFC 5256 §2.1.
  let text = subject.replace(/[ \t\r\n]+/g, ' ') // (1)
  let isReply = false
  for (;;) {
    const end = withoutTrailers(text) // (2)
    const start = withoutLeaders(text.slice(0, end.at)) // (3) to (5)
    text = text.slice(start.at, end.at)
    isReply ||= end.isReply || start.isReply
    if (!FORWARDED.test(text)) return { text, isReply } // (6)
    text = text.slice(5, -1)
    isReply = true
  }
}

const BLOB = /\[[^[\]]*\] */y
const BLOBS = /(?:\[[^[\]]*\] *)*/y
const REPLY = /(?:re|fwd?) *(?:\[[^[\]]*\] *)?:/iy
const FORWARDED = /^\[fwd:.*\]$/is

type Cut = { readonly at: number; readonly isReply: boolean }

function withoutTrailers(text: string): Cut {
  let at = text.length
  let isReply = false
  for (;;) {
    if (text[at - 1] === ' ') at--
    else if (text.slice(Math.max(at - 5, 0), at).toLowerCase() === '(fwd)') {
      at -= 5
      isReply = true
    } else return { at, isReply }
  }
}

function withoutLeaders(text: string): Cut {
  let at = 0
  let isReply = false
  for (;;) {
    while (text[at] === ' ') at++
    const blobs = matchEnd(BLOBS, text, at)
    const leader = matchEnd(REPLY, text, blobs)
    if (leader === blobs) {
      // They go one by one, but the last one stays where nothing else is left.
      return { at: blobs < text.length ? blobs : lastBlob(text, at), isReply }
    }
    at = leader
    isReply = true
  }
}

/** Where what matches at `start` ends; `start` itself where nothing does. */
function matchEnd(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : start
}

/** Where the last of the blobs begins that follow each other to the end. */
function lastBlob(text: string, start: number): number {
  let last = start
  for (let at = start; at < text.length; at = matchEnd(BLOB, text, at)) last = at
  return last
}
