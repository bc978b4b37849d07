import type { MessageDetail } from '../../server/http/resources.ts'
import { laterStrings } from '../strings-later.ts'
import { Icon } from './icon.tsx'

/** What is wrong with the mail, for the developer of the app that sent it: one line, until it is opened. */
export const WarningList = ({ message: { id, warnings } }: { message: MessageDetail }) => {
  if (warnings.length === 0) return null
  return (
    <details key={id} class="warning-list" data-testid="warnings">
      <summary>
        <Icon name="triangleAlert" />
        {laterStrings.opened.warnings(warnings.length)}
      </summary>
      <ul>
        {warnings.map(warning => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  )
}
