import type { MessageSummary } from '../../server/http/resources.ts'
import { formatFullTime, formatRecipients, formatTime } from '../format.ts'
import { hrefOf, route } from '../route.ts'
import { strings } from '../strings.ts'
import { Icon, type IconName } from './icon.tsx'
import { isPlainClick } from './link.tsx'
import { ShownText } from './shown-text.tsx'
import { RowTags } from './tag-list.tsx'

/** What a press on one of the row's own places does; each is there for keys and screen readers in another way. */
export type RowAction = 'select' | 'unread' | 'flag' | 'delete'

type RowProps = {
  readonly row: MessageSummary
  readonly top: number
  readonly index: number
  readonly total: number
  readonly isActive: boolean
  readonly isOpen: boolean
  readonly isSelected: boolean
  readonly onOpen: (id: number) => void
  readonly onSelectTo: (id: number) => void
  readonly onAction: (row: MessageSummary, action: RowAction) => void
}

const words = strings.rows

/** Only for screen readers: what the eye sees from the row's looks. */
const Said = ({ children }: { children: string }) => <span class="hidden">{children}</span>

const isRowAction = (name: string | undefined): name is RowAction =>
  name === 'select' || name === 'unread' || name === 'flag' || name === 'delete'

const actionOf = (target: EventTarget | null): RowAction | null => {
  const name =
    target instanceof Element
      ? target.closest<HTMLElement>('[data-action]')?.dataset.action
      : undefined
  return isRowAction(name) ? name : null
}

/** What a mouse can do to the row without opening it. Keys do it to the active row, so nothing in here takes the focus. */
const HoverActions = ({ row }: { row: MessageSummary }) => {
  const say = strings.actions
  const actions: readonly (readonly [RowAction, IconName, string])[] = [
    ['flag', 'flag', row.flagged ? say.unflag : say.flag],
    ['unread', row.unread ? 'mailOpen' : 'mail', row.unread ? say.markRead : say.markUnread],
    ['delete', 'trash', say.remove],
  ]
  return (
    <span class="row-actions" aria-hidden="true">
      {actions.map(([action, icon, title]) => (
        <span key={action} class="row-action" data-action={action} title={title}>
          <Icon name={icon} size={15} />
        </span>
      ))}
    </span>
  )
}

/** One message of the list: recipient first, for it tells the mails of a test run apart. */
export const MessageRow = (props: RowProps) => {
  const { row, top, index, total, isActive, isOpen, isSelected } = props
  const now = new Date()
  return (
    <a
      id={`row-${row.id}`}
      class="row"
      role="option"
      tabIndex={-1}
      draggable={false}
      href={hrefOf({ page: 'message', id: row.id, tab: null, q: route.value.q })}
      style={{ top: `${top}px` }}
      aria-selected={isSelected}
      aria-current={isOpen ? 'true' : undefined}
      aria-setsize={total}
      aria-posinset={index + 1}
      data-active={isActive || undefined}
      data-unread={row.unread || undefined}
      data-testid="row"
      data-id={row.id}
      onClick={event => {
        const action = actionOf(event.target)
        if (event.shiftKey && (action === null || action === 'select')) props.onSelectTo(row.id)
        else if (action) props.onAction(row, action)
        else if (isPlainClick(event)) props.onOpen(row.id)
        else return
        event.preventDefault()
      }}
    >
      <span
        class="row-check"
        data-action="select"
        data-testid="row-check"
        title={words.select}
        aria-hidden="true"
      >
        <span class="box">{isSelected && <Icon name="check" size={12} />}</span>
      </span>
      <span class="row-to">
        <Said>{words.saidTo(row.unread)}</Said>
        <ShownText text={formatRecipients(row)} />
        <Said>{words.saidPause}</Said>
      </span>
      <span class="row-subject">
        {row.subject ? <ShownText text={row.subject} /> : <i>{words.noSubject}</i>}
        <Said>{words.saidPause}</Said>
      </span>
      <span class="row-end">
        {row.flagged && (
          <span class="row-flag">
            <Icon name="flag" size={12} />
            <Said>{words.saidFlagged}</Said>
          </span>
        )}
        {row.parsed === 'failed' && (
          <span class="row-fault" title={words.notParsed}>
            <Icon name="triangleAlert" size={13} />
            <Said>{words.saidNotParsed}</Said>
          </span>
        )}
        {row.attachments > 0 && (
          <span class="row-attachments">
            <Icon name="paperclip" size={12} />
            {row.attachments}
            <Said>{words.saidAttachments(row.attachments)}</Said>
          </span>
        )}
        <time dateTime={row.receivedAt} title={formatFullTime(row.receivedAt)}>
          {formatTime(row.receivedAt, now)}
        </time>
      </span>
      <span class="row-last">
        {row.tags.length > 0 && <RowTags tags={row.tags} />}
        <span class="row-preview" aria-hidden="true">
          {row.preview}
        </span>
      </span>
      <HoverActions row={row} />
    </a>
  )
}

/** Stands where a row is not known yet. */
export const SkeletonRow = ({ top }: { top: number }) => (
  <div class="row skeleton" style={{ top: `${top}px` }} aria-hidden="true">
    <span />
    <span />
    <span />
  </div>
)
