import { computed } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { showTab } from '../actions.ts'
import { checksCount } from '../checks.ts'
import { formatShortly } from '../format.ts'
import { targetsOf } from '../links.ts'
import { emptyTabs, opened, shownTab } from '../message.ts'
import { type Tab, tabs } from '../route.ts'
import { strings } from '../strings.ts'
import { laterStrings } from '../strings-later.ts'

/** How many targets the links of the open mail have. */
const openTargetCount = computed(() =>
  opened.value.is === 'ready' ? targetsOf(opened.value.message.links).length : 0,
)

/** How many things there are to see; nothing where that is not said. */
const counts: { readonly [T in Tab]?: () => number } = {
  links: () => openTargetCount.value,
  checks: () => checksCount.value,
}

const TabCount = ({ count }: { count: number }) =>
  count > 0 ? <span class="tab-count">{formatShortly(count)}</span> : null

export const TabBar = () => {
  const bar = useRef<HTMLDivElement>(null)
  const current = shownTab.value

  const found = checksCount.value
  // Where not all of them have room the bar scrolls; a count makes a tab wider.
  useEffect(() => {
    bar.current
      ?.querySelector(`#tab-${current}`)
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [current, found])

  const onKeyDown = (event: KeyboardEvent): void => {
    const full = tabs.filter(tab => !emptyTabs.value.includes(tab))
    const at = full.indexOf(current)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: full.length - 1 }[event.key]
    if (to === undefined) return
    const next = full[(to + full.length) % full.length]
    if (!next) return
    event.preventDefault()
    showTab(next)
    bar.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }

  return (
    <div
      ref={bar}
      class="tab-bar"
      role="tablist"
      aria-label={laterStrings.opened.tabList}
      onKeyDown={onKeyDown}
    >
      {tabs.map(tab => (
        <button
          key={tab}
          type="button"
          id={`tab-${tab}`}
          role="tab"
          aria-selected={tab === current}
          aria-controls="tab-panel"
          tabIndex={tab === current ? 0 : -1}
          aria-disabled={emptyTabs.value.includes(tab) || undefined}
          title={emptyTabs.value.includes(tab) ? laterStrings.opened.noPart(tab) : undefined}
          data-testid={`tab-${tab}`}
          onClick={() => showTab(tab)}
        >
          {strings.tabs[tab]}
          <TabCount count={counts[tab]?.() ?? 0} />
        </button>
      ))}
    </div>
  )
}
