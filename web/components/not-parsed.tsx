import type { ComponentChildren } from 'preact'
import type { MessageDetail } from '../../server/http/resources.ts'

/** Why there is nothing to show: the mail was not parsed, or it has no such part (`children`). */
export const NotParsed = ({
  message,
  children,
}: {
  message: MessageDetail
  children: ComponentChildren
}) => (
  <p class="nothing-here" data-testid="nothing-here">
    {message.parsed === 'failed'
      ? 'This mail could not be parsed. Its source and headers are shown as they came.'
      : message.parsed
        ? children
        : 'This mail is still being parsed…'}
  </p>
)
