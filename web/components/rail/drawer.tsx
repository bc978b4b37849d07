import { basePath } from '../../base-path.ts'
import { isDrawerOpen } from '../../layout.ts'
import { strings } from '../../strings.ts'
import { IconButton } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { Icon } from '../icon.tsx'
import { Link } from '../link.tsx'
import { RailBody } from './rail-body.tsx'

/** The rail where there is no room for it: over the page, and what else there is to go to. */
export const Drawer = () => {
  const words = strings.rail
  return (
    <Dialog
      class="drawer"
      label={words.name}
      testId="drawer"
      onClose={() => {
        isDrawerOpen.value = false
      }}
    >
      {close => (
        <nav class="drawer-body" aria-label={words.name}>
          <header>
            <h2>{words.name}</h2>
            <IconButton icon="x" label={words.close} testId="close-drawer" onClick={close} />
          </header>
          <RailBody onChoose={close} />
          <div class="drawer-end">
            <Link class="facet" to={{ page: 'settings', q: '' }} onFollow={close}>
              <Icon name="settings" />
              {strings.shell.settings}
            </Link>
            <a class="facet" href={`${basePath}v1/docs`} target="_blank" rel="noreferrer">
              <Icon name="bookOpen" />
              {strings.shell.reference}
            </a>
          </div>
        </nav>
      )}
    </Dialog>
  )
}
