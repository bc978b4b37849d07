import { useEffect, useRef, useState } from 'preact/hooks'
import type { Nearness } from '../nearness.ts'
import type { Highlighter } from '../source/highlighter.ts'
import type { Token } from '../source/tokens.ts'

/**
 * Some lines of a source: plain text where it is out of sight, in colours where it is near. So a source has no more
 * elements than a few screens of it need.
 */
export const SourceBlock = ({
  text,
  start,
  highlighter,
  nearness,
}: {
  text: string
  start: number
  highlighter: Highlighter
  nearness: Nearness
}) => {
  const element = useRef<HTMLPreElement>(null)
  const [tokens, setTokens] = useState<readonly Token[] | null>(null)
  useEffect(() => {
    const block = element.current
    if (!block) return
    let isWanted = false
    const leave = nearness.watch(block, isNear => {
      isWanted = isNear
      if (!isNear) setTokens(null)
      else {
        highlighter.ask(start, start + text.length, found => {
          if (isWanted) setTokens(found)
        })
      }
    })
    return () => {
      isWanted = false
      leave()
    }
  }, [highlighter, nearness, start, text])
  return (
    <pre ref={element}>
      {tokens === null
        ? text
        : tokens.map(([kind, piece], at) =>
            kind === null ? (
              piece
            ) : (
              <span key={at} class={`token-${kind}`}>
                {piece}
              </span>
            ),
          )}
    </pre>
  )
}
