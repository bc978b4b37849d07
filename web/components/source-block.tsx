import { useEffect, useRef, useState } from 'preact/hooks'
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
}: {
  text: string
  start: number
  highlighter: Highlighter
}) => {
  const element = useRef<HTMLPreElement>(null)
  const [tokens, setTokens] = useState<readonly Token[] | null>(null)
  useEffect(() => {
    const block = element.current
    if (!block) return
    let isNear = false
    const observer = new IntersectionObserver(
      entries => {
        isNear = entries.at(-1)?.isIntersecting ?? false
        if (!isNear) setTokens(null)
        else {
          highlighter.ask(start, start + text.length, found => {
            if (isNear) setTokens(found)
          })
        }
      },
      { root: block.closest('[data-scrolls]'), rootMargin: '400px 0px' },
    )
    observer.observe(block)
    return () => {
      isNear = false
      observer.disconnect()
    }
  }, [highlighter, start, text])
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
