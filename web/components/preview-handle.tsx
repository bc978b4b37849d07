import type { RefObject } from 'preact'
import { useRef } from 'preact/hooks'
import { previewZoom } from '../preview.ts'
import { previewWidth, previewWidths, setPreviewWidth } from '../settings.ts'
import { laterStrings } from '../strings-later.ts'

/** Sets the width of the mail: by dragging, by the arrow keys, back to all there is by a double click or End. */
export const PreviewHandle = ({ frame }: { frame: RefObject<HTMLElement | null> }) => {
  const drag = useRef<{ x: number; width: number } | null>(null)
  const { least, most } = previewWidths
  const width = previewWidth.value
  const measured = (): number =>
    width ?? (frame.current?.getBoundingClientRect().width ?? most) / previewZoom.value
  const end = (): void => {
    drag.current = null
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a separator with a value (ARIA 1.2)
    <div
      class="preview-handle"
      role="separator"
      aria-orientation="vertical"
      aria-label={laterStrings.preview.handle}
      aria-valuenow={width ?? most}
      aria-valuetext={laterStrings.preview.width(width)}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      data-testid="preview-handle"
      onPointerDown={event => {
        event.currentTarget.setPointerCapture(event.pointerId)
        drag.current = { x: event.clientX, width: measured() }
      }}
      onPointerMove={event => {
        if (!drag.current) return
        // The mail stays in the middle: both sides move.
        const by = ((event.clientX - drag.current.x) * 2) / previewZoom.value
        setPreviewWidth(drag.current.width + by)
      }}
      onPointerUp={end}
      onPointerCancel={end}
      onDblClick={() => setPreviewWidth(null)}
      onKeyDown={event => {
        const step = event.shiftKey ? 50 : 10
        if (event.key === 'ArrowLeft') setPreviewWidth(measured() - step)
        else if (event.key === 'ArrowRight') setPreviewWidth(measured() + step)
        else if (event.key === 'Home') setPreviewWidth(least)
        else if (event.key === 'End') setPreviewWidth(null)
        else return
        event.preventDefault()
      }}
    />
  )
}
