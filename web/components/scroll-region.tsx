import type { ComponentChildren } from 'preact'

/** A part of the page that scrolls by itself: reachable by keys, and named. */
export const ScrollRegion = ({
  class: className,
  label,
  testId,
  children,
}: {
  class: string
  label: string
  testId: string
  children: ComponentChildren
}) => (
  <section
    class={className}
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll what has the focus
    tabIndex={0}
    aria-label={label}
    data-testid={testId}
    data-scrolls=""
  >
    {children}
  </section>
)
