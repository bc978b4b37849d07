import type { Address, MessageDetail } from '../../server/http/resources.ts'
import { change, deleteMessage, move, toggleUnread, toInbox, whyNoDelete } from '../actions.ts'
import { rawUrl } from '../api.ts'
import { formatFullTime, formatMoment } from '../format.ts'
import { whyReadOnly } from '../live.ts'
import { strings } from '../strings.ts'
import { laterStrings } from '../strings-later.ts'
import { editTags } from '../tags.ts'
import { AddressFold } from './address-fold.tsx'
import { IconButton, IconLink } from './button.tsx'
import { HiddenChip, ShownText } from './shown-text.tsx'
import { TagList } from './tag-list.tsx'

const People = ({
  word,
  addresses,
  none = '',
}: {
  word: string
  addresses: readonly Address[]
  none?: string
}) => (
  <span class="people-line">
    <span class="people-word">{word}</span>
    <AddressFold addresses={addresses} none={none} />
  </span>
)

export const MessageHeader = ({ message }: { message: MessageDetail }) => {
  const words = laterStrings.opened
  const to =
    message.to.length > 0 ? message.to : message.rcptTo.map(address => ({ name: '', address }))
  return (
    <header class="message-header">
      <div class="message-tools">
        <span class="only-single">
          <IconButton icon="arrowLeft" label={words.back} testId="back" onClick={toInbox} />
        </span>
        <IconButton
          icon="chevronUp"
          label={words.previous}
          testId="previous"
          onClick={() => move(-1)}
        />
        <IconButton icon="chevronDown" label={words.next} testId="next" onClick={() => move(1)} />
        <span class="message-tools-gap" />
        <IconButton
          icon={message.unread ? 'mailOpen' : 'mail'}
          label={message.unread ? words.markRead : words.markUnread}
          testId="toggle-unread"
          why={whyReadOnly.value}
          onClick={toggleUnread}
        />
        <IconButton
          icon="flag"
          label={message.flagged ? strings.actions.unflag : strings.actions.flag}
          isPressed={message.flagged}
          testId="toggle-flagged"
          why={whyReadOnly.value}
          onClick={() => change({ ids: [[message.id, message.id]] }, { flagged: !message.flagged })}
        />
        <IconButton
          icon="tag"
          label={strings.actions.tag}
          testId="edit-tags"
          why={whyReadOnly.value}
          onClick={() => editTags({ ids: [[message.id, message.id]] }, 1)}
        />
        <IconLink
          icon="download"
          label={words.downloadEml}
          testId="download"
          href={rawUrl(message.id)}
          download={`${message.id}.eml`}
        />
        <IconButton
          icon="trash"
          label={words.delete}
          testId="delete"
          why={whyNoDelete.value}
          onClick={() => deleteMessage(message.id)}
        />
      </div>
      <h2 class="message-subject" data-testid="subject">
        {message.subject ? <ShownText text={message.subject} /> : <i>{words.noSubject}</i>}
        <HiddenChip text={message.subject} />
      </h2>
      <div class="message-people">
        <People
          word={words.from}
          addresses={message.from}
          none={message.envelope.mailFrom || words.nobody}
        />
        <People word={words.to} addresses={to} none={words.nobody} />
        {message.cc.length > 0 && <People word={words.cc} addresses={message.cc} />}
        {message.bcc.length > 0 && <People word={words.bcc} addresses={message.bcc} />}
        {message.replyTo.length > 0 && <People word={words.replyTo} addresses={message.replyTo} />}
        <div class="message-last">
          {message.tags.length > 0 && <TagList id={message.id} tags={message.tags} />}
          <time
            class="message-time"
            dateTime={message.receivedAt}
            title={formatFullTime(message.receivedAt)}
          >
            {formatMoment(message.receivedAt)}
          </time>
        </div>
      </div>
    </header>
  )
}
