import { useLayoutEffect } from 'preact/hooks'
import { listWidth, listWidths, setListWidth } from '../settings.ts'
import { strings } from '../strings.ts'
import { useDragging } from './dragging.ts'

const { least, most, usual } = listWidths

/** Sets the width of the list: by dragging, by the arrow keys, back to the usual by a double click. */
export const Splitter = () => {
  const width = listWidth.value
  const dragging = useDragging(
    () => width,
    (from, by) => setListWidth(from + by),
  )
  useLayoutEffect(() => {
    document.documentElement.style.setProperty('--list-width', `${width}px`)
  }, [width])
  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter is a separator with a value (ARIA 1.2)
    <div
      class="splitter"
      role="separator"
      aria-orientation="vertical"
      aria-label={strings.shell.listWidth}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      data-testid="splitter"
      {...dragging}
      onDblClick={() => setListWidth(usual)}
      onKeyDown={event => {
        const to = {
          ArrowLeft: width - 20,
          ArrowRight: width + 20,
          Home: least,
          End: most,
        }[event.key]
        if (to === undefined) return
        event.preventDefault()
        setListWidth(to)
      }}
    />
  )
}
