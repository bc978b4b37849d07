import { fresh } from '../inbox.ts'
import { strings } from '../strings.ts'
import { Icon } from './icon.tsx'

/** Counts what arrived above while the list is scrolled down. */
export const NewMailPill = ({ onClick }: { onClick: () => void }) => (
  <button type="button" class="new-mail" data-testid="new-mail" onClick={onClick}>
    <Icon name="arrowUp" size={14} />
    {strings.shell.newMail(fresh.value)}
  </button>
)
