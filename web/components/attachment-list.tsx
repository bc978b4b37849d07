import { useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { attachmentsZipUrl, partUrl } from '../api.ts'
import { formatSize } from '../format.ts'
import { strings } from '../strings.ts'
import { laterStrings } from '../strings-later.ts'
import { Icon } from './icon.tsx'
import { HiddenChip, ShownText } from './shown-text.tsx'

/** So many are shown before the rest is folded away, and at most so many when it is opened. */
const few = 6
const many = 500

/** Attachments download, whatever they are; none is opened in the page. */
export const AttachmentList = ({ message }: { message: MessageDetail }) => {
  const [openedId, setOpenedId] = useState(0)
  const all = message.attachments.filter(attachment => !attachment.inline)
  const words = laterStrings.opened
  if (all.length === 0) return null
  const shown = all.slice(0, openedId === message.id ? many : few)
  const rest = all.length - shown.length
  return (
    <ul class="attachments" aria-label={words.attachments} data-testid="attachments">
      {shown.map(({ part, name, contentType, size }) => (
        <li key={part}>
          <a
            href={partUrl(message.id, part)}
            download={name || `part-${part}`}
            title={`${name || words.part(part)} (${contentType})`}
          >
            <Icon name={contentType.startsWith('image/') ? 'fileImage' : 'file'} />
            <span class="attachment-name">
              <ShownText text={name || words.part(part)} />
            </span>
            <HiddenChip text={name} isShort />
            <span class="attachment-size">{formatSize(size)}</span>
          </a>
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button
            type="button"
            class="fold"
            aria-label={words.showMore(rest)}
            onClick={() => setOpenedId(message.id)}
          >
            {words.more(rest)}
          </button>
        </li>
      )}
      {all.length > 1 && (
        <li>
          <a
            href={attachmentsZipUrl(message.id)}
            download={`mail-${message.id}-attachments.zip`}
            data-testid="attachments-zip"
          >
            <Icon name="download" />
            {strings.actions.downloadAttachments(all.length)}
          </a>
        </li>
      )}
    </ul>
  )
}
