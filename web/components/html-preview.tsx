import { useEffect, useRef, useState } from 'preact/hooks'
import type { MessageDetail } from '../../server/http/resources.ts'
import { htmlUrl } from '../api.ts'
import { formatCount } from '../format.ts'
import { isRemoteShown, senderOf } from '../message.ts'
import { stats } from '../server-stats.ts'
import { trustSender } from '../settings.ts'
import { Icon } from './icon.tsx'
import { NotParsed } from './not-parsed.tsx'

/** Says what was kept out, and lets it in for this sender. */
const RemoteBar = ({ message }: { message: MessageDetail }) => {
  if (message.remoteReferences === 0 || stats.value?.remoteAllowed) return null
  const isShown = isRemoteShown(message)
  const sender = senderOf(message)
  const things = formatCount(message.remoteReferences, 'remote reference')
  return (
    <div class="remote-bar" data-testid="remote-bar">
      <Icon name="imageOff" />
      <span>
        {isShown
          ? `Remote content of ${sender.startsWith('#') ? 'this mail' : sender} is shown`
          : `${things} blocked`}
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
        Show remote content
      </button>
    </div>
  )
}

/** The mail's own document in a frame that can run nothing, load nothing and reach nothing of this page. */
export const HtmlPreview = ({ message }: { message: MessageDetail }) => {
  const frame = useRef<HTMLIFrameElement>(null)
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
    return <NotParsed message={message}>This mail has no HTML part.</NotParsed>
  }
  const src = htmlUrl(message.id, isRemoteShown(message))
  return (
    <>
      <RemoteBar message={message} />
      <div class="html-frame">
        <iframe
          key={src}
          ref={frame}
          title="HTML of the message"
          src={src}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          referrerpolicy="no-referrer"
          data-testid="html-frame"
        />
        {isInside && <p class="frame-hint">Tab to leave the mail</p>}
      </div>
    </>
  )
}
