import type { MessageSummary } from '../../server/http/resources.ts'
import { formatFullTime, formatRecipients, formatTime } from '../format.ts'
import { hrefOf, route } from '../route.ts'
import { Icon } from './icon.tsx'
import { isPlainClick } from './link.tsx'

type RowProps = {
  readonly row: MessageSummary
  readonly top: number
  readonly index: number
  readonly total: number
  readonly isActive: boolean
  readonly isOpen: boolean
  readonly onOpen: (id: number) => void
}

/** Only for screen readers: what the eye sees from the row's looks. */
const Said = ({ children }: { children: string }) => <span class="hidden">{children}</span>

/** One message of the list: recipient first, for it tells the mails of a test run apart. */
export const MessageRow = ({ row, top, index, total, isActive, isOpen, onOpen }: RowProps) => {
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
      aria-selected={isOpen}
      aria-setsize={total}
      aria-posinset={index + 1}
      data-active={isActive || undefined}
      data-unread={row.unread || undefined}
      data-testid="row"
      data-id={row.id}
      onClick={event => {
        if (!isPlainClick(event)) return
        event.preventDefault()
        onOpen(row.id)
      }}
    >
      <span class="row-to">
        <Said>{row.unread ? 'Unread, to ' : 'to '}</Said>
        {formatRecipients(row)}
        <Said>, </Said>
      </span>
      <span class="row-subject">
        {row.subject || <i>No subject</i>}
        <Said>, </Said>
      </span>
      <span class="row-end">
        {row.parsed === 'failed' && (
          <span class="row-fault" title="This mail could not be parsed">
            <Icon name="triangleAlert" size={13} />
            <Said>not parsed, </Said>
          </span>
        )}
        {row.attachments > 0 && (
          <span class="row-attachments">
            <Icon name="paperclip" size={12} />
            {row.attachments}
            <Said>{row.attachments === 1 ? ' attachment, ' : ' attachments, '}</Said>
          </span>
        )}
        <time dateTime={row.receivedAt} title={formatFullTime(row.receivedAt)}>
          {formatTime(row.receivedAt, now)}
        </time>
      </span>
      <span class="row-preview" aria-hidden="true">
        {row.preview}
      </span>
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
