import type { RefObject } from 'preact'
import { previewZoom } from '../preview.ts'
import { previewWidth, previewWidths, setPreviewWidth } from '../settings.ts'
import { laterStrings } from '../strings-later.ts'
import { useDragging } from './dragging.ts'

/** Sets the width of the mail: by dragging, by the arrow keys, back to all there is by a double click or End. */
export const PreviewHandle = ({ frame }: { frame: RefObject<HTMLElement | null> }) => {
  const { least, most } = previewWidths
  const width = previewWidth.value
  const measured = (): number =>
    width ?? (frame.current?.getBoundingClientRect().width ?? most) / previewZoom.value
  const dragging = useDragging(measured, (from, by) =>
    // The mail stays in the middle: both sides move.
    setPreviewWidth(from + (by * 2) / previewZoom.value),
  )
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
      {...dragging}
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
