import { isSheetOpen } from '../commands.ts'
import { navigate, route } from '../route.ts'
import { IconButton } from './button.tsx'
import { Link } from './link.tsx'
import { LivePill } from './live-pill.tsx'
import { SearchBox } from './search-box.tsx'

export const TopBar = () => (
  <header class="top-bar">
    <Link class="brand" to={{ page: 'inbox', q: '' }}>
      <svg class="brand-mark" viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M8 11.5 16 17l8-5.5M8 10h16v7m0 5H8V10" />
      </svg>
      <span class="brand-name">Mailcatch</span>
    </Link>
    <SearchBox />
    <div class="top-bar-end">
      <LivePill />
      <IconButton
        icon="plug"
        label="Connect your app"
        testId="open-connect"
        isPressed={route.value.page === 'connect'}
        onClick={() =>
          navigate({ page: route.value.page === 'connect' ? 'inbox' : 'connect', q: route.value.q })
        }
      />
      <span class="not-touch">
        <IconButton
          icon="keyboard"
          label="Keyboard shortcuts"
          testId="open-shortcuts"
          onClick={() => (isSheetOpen.value = true)}
        />
      </span>
    </div>
  </header>
)
