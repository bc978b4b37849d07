import type { ComponentChildren } from 'preact'
import { hrefOf, navigate, type Route } from '../route.ts'

/** True for a plain click, which stays in this page; others are the browser's (new tab, download). */
export const isPlainClick = (event: MouseEvent): boolean =>
  event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)

/** A link to another view of the inbox. */
export const Link = ({
  to,
  class: className,
  isCurrent = false,
  onFollow,
  children,
}: {
  to: Route
  class?: string
  isCurrent?: boolean
  onFollow?: () => void
  children: ComponentChildren
}) => (
  <a
    class={className}
    aria-current={isCurrent ? 'page' : undefined}
    href={hrefOf(to) || './'}
    onClick={event => {
      if (!isPlainClick(event)) return
      event.preventDefault()
      navigate(to)
      onFollow?.()
    }}
  >
    {children}
  </a>
)
