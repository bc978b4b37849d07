import type { Answered, Asked } from './highlight-worker.ts'
import { startHighlightWorker } from './own-worker.ts'
import type { Token } from './tokens.ts'

export type Highlighter = {
  /** Asks for the tokens of the text from `start` to `end`; they come when they come. */
  ask(start: number, end: number, take: (tokens: readonly Token[]) => void): void
  close(): void
}

/** Colours a text off the main thread. Where the worker fails the text stays as plain as it is. */
export const openHighlighter = (text: string, kind: 'message' | 'html'): Highlighter => {
  const worker = startHighlightWorker()
  const waiting = new Map<number, (tokens: readonly Token[]) => void>()
  const post = (asked: Asked): void => worker.postMessage(asked)
  worker.addEventListener('message', ({ data }: MessageEvent<Answered>) => {
    waiting.get(data.start)?.(data.tokens)
    waiting.delete(data.start)
  })
  post({ text, kind })
  return {
    ask(start, end, take) {
      waiting.set(start, take)
      post({ start, end })
    },
    close: () => worker.terminate(),
  }
}
