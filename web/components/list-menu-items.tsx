import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { allFound, deleteAll, markAllRead, whyNoDelete } from '../actions.ts'
import { zipUrl } from '../api.ts'
import { composing } from '../compose.ts'
import { pickFiles } from '../drop.ts'
import { listState, total } from '../inbox.ts'
import { whyReadOnly } from '../live.ts'
import { route } from '../route.ts'
import { strings } from '../strings.ts'
import { Icon, type IconName } from './icon.tsx'

const words = strings.actions

type Item = {
  readonly icon: IconName
  readonly label: string
  readonly why: string | null
  readonly testId: string
  readonly run: () => void
}

/** Has the browser download what an address answers. */
const download = (url: string | null): void => {
  if (url === null) return
  const link = document.createElement('a')
  link.href = url
  link.download = ''
  link.click()
}

const items = (): readonly Item[] => {
  const isSearch = route.value.q !== ''
  const isEmpty = listState.value.is !== 'ready' || total.value === 0
  return [
    {
      icon: 'squarePen',
      label: words.compose,
      why: whyReadOnly.value,
      testId: 'menu-compose',
      run: () => {
        composing.value = true
      },
    },
    {
      icon: 'upload',
      label: words.import,
      why: whyReadOnly.value,
      testId: 'menu-import',
      run: pickFiles,
    },
    {
      icon: 'mailOpen',
      label: words.markAllRead(isSearch),
      why: whyReadOnly.value ?? (isEmpty ? words.nothingToMark : null),
      testId: 'menu-mark-all',
      run: markAllRead,
    },
    {
      icon: 'download',
      label: words.downloadAll(isSearch),
      why: whyReadOnly.value ?? (isEmpty ? words.nothingToDownload : null),
      testId: 'menu-download-all',
      run: () => download(zipUrl(allFound())),
    },
    {
      icon: 'trash',
      label: words.removeAll(isSearch),
      why: whyNoDelete.value ?? (isEmpty ? words.nothingToDelete : null),
      testId: 'menu-delete-all',
      run: deleteAll,
    },
  ]
}

/** The open menu: its first item has the focus, arrows move it, and it closes where the focus or the mouse goes elsewhere. */
export const ListMenuItems = ({
  button,
  onClose,
}: {
  button: RefObject<HTMLButtonElement | null>
  onClose: () => void
}) => {
  const menu = useRef<HTMLDivElement>(null)
  const options = (): readonly HTMLElement[] => [
    ...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []),
  ]
  const leave = (): void => {
    onClose()
    button.current?.focus()
  }

  useEffect(() => {
    options()[0]?.focus()
    const onOutside = ({ target }: Event): void => {
      const isInside =
        target instanceof Node &&
        (menu.current?.contains(target) || button.current?.contains(target))
      if (!isInside) onClose()
    }
    addEventListener('pointerdown', onOutside)
    addEventListener('focusin', onOutside)
    return () => {
      removeEventListener('pointerdown', onOutside)
      removeEventListener('focusin', onOutside)
    }
  }, [])

  const onKeyDown = (event: KeyboardEvent): void => {
    event.stopPropagation()
    const all = options()
    const at = all.findIndex(option => option.matches(':focus'))
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      all[(to + all.length) % all.length]?.focus()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      leave()
    } else if (event.key === 'Tab') onClose()
  }

  return (
    <div
      ref={menu}
      class="menu"
      role="menu"
      tabIndex={-1}
      aria-label={words.more}
      onKeyDown={onKeyDown}
    >
      {items().map(({ icon, label, why, testId, run }) => (
        <button
          key={testId}
          type="button"
          role="menuitem"
          tabIndex={-1}
          data-testid={testId}
          aria-disabled={why ? true : undefined}
          aria-description={why ?? undefined}
          title={why ?? undefined}
          onClick={() => {
            if (why) return
            leave()
            run()
          }}
        >
          <Icon name={icon} size={15} />
          {label}
        </button>
      ))}
    </div>
  )
}
