import { useEffect, useRef, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { htmlUrl } from '../api.ts'
import { isRemoteShown, senderOf } from '../message.ts'
import { previewScheme, previewZoom } from '../preview.ts'
import { stats } from '../server-stats.ts'
import { previewWidth, trustSender } from '../settings.ts'
import { laterStrings } from '../strings-later.ts'
import { Icon } from './icon.tsx'
import { MailFrame } from './mail-frame.tsx'
import { NotParsed } from './not-parsed.tsx'
import { PreviewHandle } from './preview-handle.tsx'
import { PreviewToolbar } from './preview-toolbar.tsx'

/** Says what was kept out, and lets it in for this sender. */
const RemoteBar = ({ message }: { message: MessageDetail }) => {
  if (message.remoteReferences === 0 || stats.value?.remoteAllowed) return null
  const isShown = isRemoteShown(message)
  const sender = senderOf(message)
  const words = laterStrings.preview
  return (
    <div class="remote-bar" data-testid="remote-bar">
      <Icon name="imageOff" />
      <span>
        {isShown
          ? words.remoteShown(sender.startsWith('#') ? null : sender)
          : words.remoteBlocked(message.remoteReferences)}
      </span>
      <button
        type="button"
        class="switch"
        role="switch"
        aria-checked={isShown}
        data-testid="show-remote"
        onClick={() => trustSender(sender, !isShown)}
      >
        <span class="switch-knob" />
        {words.showRemote}
      </button>
    </div>
  )
}

/** The mail in its frame, as wide and as large as it is wanted. */
export const HtmlPreview = ({ message }: { message: MessageDetail }) => {
  const frame = useRef<HTMLIFrameElement>(null)
  const room = useRef<HTMLDivElement>(null)
  const [isInside, setInside] = useState(false)
  // The frame keeps its keys to itself: once the focus is in there, say how to come out again.
  useEffect(() => {
    const look = (): void => setInside(document.activeElement === frame.current)
    addEventListener('blur', look)
    addEventListener('focus', look)
    return () => {
      removeEventListener('blur', look)
      removeEventListener('focus', look)
    }
  }, [])

  if (message.html === null) {
    return <NotParsed message={message}>{laterStrings.opened.noHtml}</NotParsed>
  }
  const width = previewWidth.value
  const zoom = previewZoom.value
  const scheme = previewScheme.value
  return (
    <>
      <PreviewToolbar message={message} />
      <RemoteBar message={message} />
      <div class="html-stage" data-narrow={width !== null}>
        <div
          ref={room}
          class="html-frame"
          data-scheme={scheme}
          style={width === null ? {} : { width: `${width * zoom}px` }}
        >
          <MailFrame
            frame={frame}
            title={laterStrings.preview.frame}
            src={htmlUrl(message.id, {
              isRemoteShown: isRemoteShown(message),
              isForcedDark: scheme === 'forced',
            })}
            zoom={zoom}
            testId="html-frame"
          />
          {isInside && <p class="frame-hint">{laterStrings.preview.leave}</p>}
        </div>
        <PreviewHandle frame={room} />
      </div>
    </>
  )
}
