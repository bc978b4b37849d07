import { useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { partUrl } from '../api.ts'
import { formatSize } from '../format.ts'
import { Icon } from './icon.tsx'

/** So many are shown before the rest is folded away, and at most so many when it is opened. */
const few = 6
const many = 500

/** Attachments download, whatever they are; none is opened in the page. */
export const AttachmentList = ({ message }: { message: MessageDetail }) => {
  const [openedId, setOpenedId] = useState(0)
  const all = message.attachments.filter(attachment => !attachment.inline)
  if (all.length === 0) return null
  const shown = all.slice(0, openedId === message.id ? many : few)
  const rest = all.length - shown.length
  return (
    <ul class="attachments" aria-label="Attachments" data-testid="attachments">
      {shown.map(({ part, name, contentType, size }) => (
        <li key={part}>
          <a
            href={partUrl(message.id, part)}
            download={name || `part-${part}`}
            title={`${name || `Part ${part}`} (${contentType})`}
          >
            <Icon name={contentType.startsWith('image/') ? 'fileImage' : 'file'} />
            <span class="attachment-name">{name || `Part ${part}`}</span>
            <span class="attachment-size">{formatSize(size)}</span>
          </a>
        </li>
      ))}
      {rest > 0 && (
        <li>
          <button type="button" class="fold" onClick={() => setOpenedId(message.id)}>
            +{rest} more
          </button>
        </li>
      )}
    </ul>
  )
}
