import { focusList } from '../actions.ts'
import { isSheetOpen } from '../commands.ts'
import { hasRail, isDrawerOpen, isPhone } from '../layout.ts'
import { navigate, route } from '../route.ts'
import { strings } from '../strings.ts'
import { IconButton } from './button.tsx'
import { Link } from './link.tsx'
import { LivePill } from './live-pill.tsx'
import { SearchBox } from './search-box.tsx'

/** Past the search and the rail, which a keyboard would have to walk through. */
const skip = (): void => {
  if (route.value.page === 'inbox' || route.value.page === 'message') focusList.value += 1
  else document.querySelector('main')?.focus()
}

export const TopBar = () => {
  const words = strings.shell
  return (
    <header class="top-bar">
      <div class="top-bar-start">
        {!isPhone.value && (
          <button type="button" class="skip button" data-testid="skip" onClick={skip}>
            {words.skip}
          </button>
        )}
        {!hasRail.value && !isPhone.value && (
          <IconButton
            icon="menu"
            label={words.menu}
            testId="open-drawer"
            onClick={() => {
              isDrawerOpen.value = true
            }}
          />
        )}
        <Link class="brand" to={{ page: 'inbox', q: '' }}>
          <svg class="brand-mark" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M8 11.5 16 17l8-5.5M8 10h16v7m0 5H8V10" />
          </svg>
          <span class="brand-name">{words.product}</span>
        </Link>
      </div>
      <SearchBox />
      <div class="top-bar-end">
        <LivePill />
        {!isPhone.value && (
          <IconButton
            icon="plug"
            label={words.connect}
            testId="open-connect"
            isPressed={route.value.page === 'connect'}
            onClick={() =>
              navigate({
                page: route.value.page === 'connect' ? 'inbox' : 'connect',
                q: route.value.q,
              })
            }
          />
        )}
        <span class="not-touch">
          <IconButton
            icon="keyboard"
            label={words.shortcuts}
            testId="open-shortcuts"
            onClick={() => (isSheetOpen.value = true)}
          />
        </span>
      </div>
    </header>
  )
}
