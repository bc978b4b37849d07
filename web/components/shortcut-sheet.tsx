import { useEffect, useRef } from 'preact/hooks'
import { commands, isSheetOpen } from '../keyboard.ts'
import { hasShortcuts } from '../settings.ts'
import { IconButton } from './button.tsx'

/** One line for each thing that can be done, with every key that does it. */
const lines = [...new Set(commands.map(({ does }) => does))].map(does => ({
  does,
  keys: commands.filter(command => command.does === does).map(command => command.keys),
}))

const names: Record<string, string> = { Escape: 'Esc', Delete: 'Del', J: 'Shift+j', K: 'Shift+k' }

export const ShortcutSheet = () => {
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = isSheetOpen.value
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  const close = (): void => {
    isSheetOpen.value = false
  }
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby="sheet-title"
      data-testid="shortcuts"
      onClose={close}
      onClick={event => {
        if (event.target === event.currentTarget) close()
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      <div class="sheet-body">
        <header>
          <h2 id="sheet-title">Keyboard shortcuts</h2>
          <IconButton icon="x" label="Close" onClick={close} />
        </header>
        <dl>
          {lines.map(({ does, keys }) => (
            <div key={does}>
              <dt>{does}</dt>
              <dd>
                {keys.map((key, at) => (
                  <span key={key}>
                    {at > 0 && <i> or </i>}
                    {key.split(' ').map(one => (
                      <kbd key={one}>{names[one] ?? one}</kbd>
                    ))}
                  </span>
                ))}
              </dd>
            </div>
          ))}
        </dl>
        <p class="quiet">Arrow keys scroll. Keys pressed inside a mail stay in the mail.</p>
        <label class="check">
          <input
            type="checkbox"
            checked={hasShortcuts.value}
            onChange={event => {
              hasShortcuts.value = event.currentTarget.checked
            }}
          />
          Use single-key shortcuts
        </label>
      </div>
    </dialog>
  )
}
