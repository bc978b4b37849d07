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
  // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys scroll what has the focus
  <section class={className} tabIndex={0} aria-label={label} data-testid={testId}>
    {children}
  </section>
)
