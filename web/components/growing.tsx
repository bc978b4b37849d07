import type { ComponentChildren } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/**
 * Renders the first items of a long list, and more as its end comes into view. `of` names the list: another one begins anew.
 * `end` makes the element that stands at the end of those.
 */
export function Growing<T>({
  items,
  of,
  step = 100,
  end,
  children,
}: {
  items: readonly T[]
  of: string | number
  step?: number
  end: (ref: (element: Element | null) => void) => ComponentChildren
  children: (item: T, at: number) => ComponentChildren
}) {
  const [grown, setGrown] = useState({ of, count: step })
  const count = grown.of === of ? grown.count : step
  const mark = useRef<Element | null>(null)
  const hasMore = count < items.length
  useEffect(() => {
    const element = mark.current
    if (!hasMore || !element) return
    const observer = new IntersectionObserver(
      entries => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) {
          setGrown({ of, count: count + step })
        }
      },
      { root: element.closest('[data-scrolls]'), rootMargin: '800px 0px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [of, count, step, hasMore])
  return (
    <>
      {items.slice(0, count).map(children)}
      {hasMore &&
        end(element => {
          mark.current = element
        })}
    </>
  )
}
