import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

/**
 * A modal dialog, open for as long as it is rendered. `onClose` is to stop rendering it: Esc, a click beside it and
 * `close` come there, when the focus is back where it was.
 */
export const Dialog = ({
  class: className,
  label,
  labelledBy,
  testId,
  onClose,
  children,
}: {
  class: string
  label?: string
  labelledBy?: string
  testId: string
  onClose: () => void
  children: (close: () => void) => ComponentChildren
}) => {
  const dialog = useRef<HTMLDialogElement>(null)
  // Before the next key comes: it belongs to the dialog already.
  useLayoutEffect(() => dialog.current?.showModal(), [])
  const close = (): void => {
    dialog.current?.close()
    // Where nothing had the focus before, it would stay inside until the next frame, and eat the next key.
    const { activeElement } = document
    if (activeElement instanceof HTMLElement && dialog.current?.contains(activeElement)) {
      activeElement.blur()
    }
  }
  return (
    <dialog
      ref={dialog}
      class={className}
      aria-label={label}
      aria-labelledby={labelledBy}
      data-testid={testId}
      onCancel={event => {
        event.preventDefault()
        close()
      }}
      onClose={onClose}
      onClick={event => {
        if (event.target === event.currentTarget) close()
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      {children(close)}
    </dialog>
  )
}
