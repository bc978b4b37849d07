import type { ComponentChildren } from 'preact'
import type { MessageDetail } from '../../server/http/resources.ts'
import { laterStrings } from '../strings-later.ts'

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
      ? laterStrings.opened.notParsed
      : message.parsed
        ? children
        : laterStrings.opened.parsing}
  </p>
)
