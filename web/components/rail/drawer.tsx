import { useEffect, useRef } from 'preact/hooks'
import { basePath } from '../../base-path.ts'
import { isDrawerOpen } from '../../layout.ts'
import { strings } from '../../strings.ts'
import { IconButton } from '../button.tsx'
import { Icon } from '../icon.tsx'
import { Facets } from './rail.tsx'

/** The rail where there is no room for it: over the page, at the place of whoever opened it. */
export const Drawer = () => {
  const dialog = useRef<HTMLDialogElement>(null)
  const isOpen = isDrawerOpen.value
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  const close = (): void => {
    isDrawerOpen.value = false
  }
  const words = strings.rail
  return (
    <dialog
      ref={dialog}
      class="drawer"
      aria-label={words.name}
      data-testid="drawer"
      onClose={close}
      onClick={event => {
        if (event.target === event.currentTarget) close()
      }}
      onKeyDown={event => event.stopPropagation()}
    >
      {isOpen && (
        <nav class="drawer-body" aria-label={words.name}>
          <header>
            <h2>{words.name}</h2>
            <IconButton icon="x" label={words.close} testId="close-drawer" onClick={close} />
          </header>
          <div class="rail-body">
            <Facets />
          </div>
          <a class="facet drawer-link" href={`${basePath}v1/docs`} target="_blank" rel="noreferrer">
            <Icon name="bookOpen" />
            <span class="facet-label">{strings.shell.reference}</span>
          </a>
        </nav>
      )}
    </dialog>
  )
}
