import { focusSearch } from '../commands.ts'
import { isDrawerOpen, isPhone } from '../layout.ts'
import { route } from '../route.ts'
import { strings } from '../strings.ts'
import { Icon } from './icon.tsx'
import { Link } from './link.tsx'

/** The places of the inbox, where a thumb reaches them. */
export const BottomBar = () => {
  if (!isPhone.value) return null
  const { page, q } = route.value
  const words = strings.shell
  return (
    <nav class="bottom-bar" aria-label={words.places} data-testid="bottom-bar">
      <Link to={{ page: 'inbox', q: '' }} isCurrent={page === 'inbox' && q === ''}>
        <Icon name="inbox" size={20} />
        {words.inbox}
      </Link>
      <button
        type="button"
        data-testid="bottom-search"
        onClick={() => {
          focusSearch.value += 1
        }}
      >
        <Icon name="search" size={20} />
        {words.search}
      </button>
      <Link to={{ page: 'connect', q }} isCurrent={page === 'connect'}>
        <Icon name="plug" size={20} />
        {words.connectShortly}
      </Link>
      <button
        type="button"
        aria-haspopup="dialog"
        aria-expanded={isDrawerOpen.value}
        data-testid="open-drawer"
        onClick={() => {
          isDrawerOpen.value = true
        }}
      >
        <Icon name="ellipsis" size={20} />
        {words.more}
      </button>
    </nav>
  )
}
