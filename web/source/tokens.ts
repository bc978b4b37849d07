import { type Token, tokenize } from './prism.ts'
import type { Region } from './regions.ts'

export type { Token }

/** The tokens of the text `[start, end)`, whose regions are known; joined they are that text. */
export const tokensOf = (
  text: string,
  regions: readonly Region[],
  start: number,
  end: number,
): readonly Token[] => {
  const tokens: Token[] = []
  for (let at = firstAt(regions, start); at < regions.length; at++) {
    const region = regions[at]
    if (!region || region.start >= end) break
    const from = Math.max(start, region.start)
    const piece = text.slice(from, Math.min(end, region.end))
    for (const token of tokensIn(piece, region.kind)) tokens.push(token)
  }
  return tokens
}

/** The region that `at` is in. */
const firstAt = (regions: readonly Region[], at: number): number => {
  let low = 0
  let high = regions.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((regions[middle]?.end ?? 0) > at) high = middle
    else low = middle + 1
  }
  return low
}

const tokensIn = (text: string, kind: Region['kind']): readonly Token[] => {
  switch (kind) {
    case 'header':
      return headerTokens(text)
    case 'html':
      return tokenize(text, 'markup')
    case 'style':
      return tokenize(text, 'css')
    case 'delimiter':
      return [['key', text]]
    case 'encoded':
      return [['mark', text]]
    case 'comment':
      return [['comment', text]]
    case 'text':
      return [[null, text]]
  }
}

/** The name of a field at the start of a line, encoded-words, parameters, quoted strings, addresses. */
const inHeader =
  /(^[!-9;-~]{1,200}[ \t]*:)|(=\?[^\s?]{1,60}\?[bq]\?[^\s?]{0,500}\?=)|(;[ \t]*[\w*-]{1,60}=)|("(?:[^"\\\r\n]|\\.){0,500}")|(<[^<>\s]{1,500}>)/gim
const headerKinds = ['tag', 'escape', 'name', 'string', 'string'] as const

const headerTokens = (text: string): readonly Token[] => {
  const tokens: Token[] = []
  let done = 0
  for (const match of text.matchAll(inHeader)) {
    if (match.index > done) tokens.push([null, text.slice(done, match.index)])
    const kind = headerKinds.find((_, at) => match[at + 1] !== undefined) ?? null
    tokens.push([kind, match[0]])
    done = match.index + match[0].length
  }
  if (done < text.length) tokens.push([null, text.slice(done)])
  return tokens
}
