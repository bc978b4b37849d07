import type { RefObject } from 'preact'

/** A mail's own document in a frame that can run nothing, load nothing and reach nothing of this page. */
export const MailFrame = ({
  frame = null,
  title,
  src,
  zoom = 1,
  testId,
}: {
  frame?: RefObject<HTMLIFrameElement | null> | null
  title: string
  src: string
  zoom?: number
  testId: string
}) => (
  <iframe
    key={src}
    ref={frame}
    class="mail-frame"
    title={title}
    src={src}
    sandbox="allow-popups allow-popups-to-escape-sandbox"
    referrerpolicy="same-origin"
    style={
      zoom === 1
        ? {}
        : { width: `${100 / zoom}%`, height: `${100 / zoom}%`, transform: `scale(${zoom})` }
    }
    data-testid={testId}
  />
)
