import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

type Common = {
  readonly onClick: () => void
  /** Why it cannot be used just now. It keeps its place and its focus, and says so. */
  readonly why?: string | null
  readonly testId?: string
}

const press = (onClick: () => void, why: string | null | undefined) => () => {
  if (!why) onClick()
}

/** A button that is only a drawing; `label` names it. */
export const IconButton = ({
  icon,
  label,
  onClick,
  why,
  testId,
  isPressed,
}: Common & { icon: IconName; label: string; isPressed?: boolean }) => (
  <button
    type="button"
    class="icon-button"
    aria-label={label}
    aria-pressed={isPressed}
    aria-disabled={why ? true : undefined}
    aria-description={why ?? undefined}
    title={why ?? label}
    data-testid={testId}
    onClick={press(onClick, why)}
  >
    <Icon name={icon} />
  </button>
)

/** Only our own server is told that it was our page that asked. */
const relOf = (href: string): string =>
  /^\/(?!\/)/.test(href) ? 'noopener' : 'noopener noreferrer'

/** A link that is only a drawing: to a file to download, or else to a tab of its own. `label` names it. */
export const IconLink = ({
  icon,
  label,
  href,
  title = label,
  download,
  testId,
}: {
  readonly icon: IconName
  readonly label: string
  readonly href: string
  readonly title?: string
  /** The name of the file. */
  readonly download?: string
  readonly testId?: string
}) => (
  <a
    class="icon-button"
    href={href}
    aria-label={label}
    title={title}
    data-testid={testId}
    {...(download === undefined ? { target: '_blank', rel: relOf(href) } : { download })}
  >
    <Icon name={icon} />
  </a>
)

export const Button = ({
  icon,
  kind = 'plain',
  onClick,
  why,
  testId,
  children,
}: Common & {
  icon?: IconName
  kind?: 'plain' | 'primary' | 'quiet'
  children: ComponentChildren
}) => (
  <button
    type="button"
    class={`button button-${kind}`}
    aria-disabled={why ? true : undefined}
    aria-description={why ?? undefined}
    title={why ?? undefined}
    data-testid={testId}
    onClick={press(onClick, why)}
  >
    {icon && <Icon name={icon} />}
    {children}
  </button>
)
