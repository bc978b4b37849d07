import { htmlRegions, messageRegions, type Region } from './regions.ts'
import { type Token, tokensOf } from './tokens.ts'

/** Colours a source block by block, as they come into view. First comes the text, then the places of blocks. */

export type Asked =
  | { readonly text: string; readonly kind: 'message' | 'html' }
  | { readonly start: number; readonly end: number }
export type Answered = {
  readonly start: number
  readonly end: number
  readonly tokens: readonly Token[]
}

let text = ''
let regions: readonly Region[] = []

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  if ('text' in data) {
    text = data.text
    regions = data.kind === 'html' ? htmlRegions(text) : messageRegions(text)
    return
  }
  const { start, end } = data
  const answer: Answered = { start, end, tokens: tokensOf(text, regions, start, end) }
  postMessage(answer)
})
