import type { MessageDetail } from '../../server/http/resources.ts'
import { deleteMessage, move, toggleUnread, toInbox, whyNoDelete } from '../actions.ts'
import { rawUrl } from '../api.ts'
import { formatFullTime, formatMoment } from '../format.ts'
import { whyReadOnly } from '../live.ts'
import { AddressFold } from './address-fold.tsx'
import { IconButton } from './button.tsx'
import { Icon } from './icon.tsx'

export const MessageHeader = ({ message }: { message: MessageDetail }) => {
  const to =
    message.to.length > 0 ? message.to : message.rcptTo.map(address => ({ name: '', address }))
  return (
    <header class="message-header">
      <div class="message-tools">
        <span class="only-single">
          <IconButton icon="arrowLeft" label="Back to the list" testId="back" onClick={toInbox} />
        </span>
        <IconButton
          icon="chevronUp"
          label="Previous message"
          testId="previous"
          onClick={() => move(-1)}
        />
        <IconButton icon="chevronDown" label="Next message" testId="next" onClick={() => move(1)} />
        <span class="message-tools-gap" />
        <IconButton
          icon={message.unread ? 'mailOpen' : 'mail'}
          label={message.unread ? 'Mark as read' : 'Mark as unread'}
          testId="toggle-unread"
          why={whyReadOnly.value}
          onClick={toggleUnread}
        />
        <a
          class="icon-button"
          href={rawUrl(message.id)}
          download={`${message.id}.eml`}
          aria-label="Download as .eml"
          title="Download as .eml"
          data-testid="download"
        >
          <Icon name="download" />
        </a>
        <IconButton
          icon="trash"
          label="Delete"
          testId="delete"
          why={whyNoDelete.value}
          onClick={() => deleteMessage(message.id)}
        />
      </div>
      <h2 class="message-subject" data-testid="subject">
        {message.subject || <i>No subject</i>}
      </h2>
      <div class="message-people">
        <span class="people-line">
          <span class="people-word">From</span>
          <AddressFold addresses={message.from} none={message.envelope.mailFrom || '(nobody)'} />
        </span>
        <span class="people-line">
          <span class="people-word">To</span>
          <AddressFold addresses={to} none="(nobody)" />
        </span>
        {message.cc.length > 0 && (
          <span class="people-line">
            <span class="people-word">Cc</span>
            <AddressFold addresses={message.cc} none="" />
          </span>
        )}
        <time
          class="message-time"
          dateTime={message.receivedAt}
          title={formatFullTime(message.receivedAt)}
        >
          {formatMoment(message.receivedAt)}
        </time>
      </div>
    </header>
  )
}
