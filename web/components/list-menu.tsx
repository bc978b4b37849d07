import { useRef, useState } from 'preact/hooks'
import { strings } from '../strings.ts'
import { Icon } from './icon.tsx'
import { lazy } from './lazy.tsx'

const ListMenuItems = lazy(async () => (await import('./list-menu-items.tsx')).ListMenuItems)

const words = strings.actions

/** What can be done with all of the list, and how mail gets into it by hand: a menu button as the ARIA practices have it. */
export const ListMenu = () => {
  const [isOpen, setIsOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <div class="menu-place">
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={words.more}
        title={words.more}
        data-testid="list-menu"
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={event => {
          if (event.key === 'ArrowDown' && !isOpen) {
            event.preventDefault()
            setIsOpen(true)
          }
        }}
      >
        <Icon name="ellipsis" />
      </button>
      {isOpen && <ListMenuItems button={button} onClose={() => setIsOpen(false)} />}
    </div>
  )
}
