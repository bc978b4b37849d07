import { untracked } from '@preact/signals'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { MessageSummary } from '../../server/http/resources.ts'
import {
  activeId,
  change,
  deleteMessage,
  focusList,
  openMessage,
  selectTo,
  toggleSelect,
} from '../actions.ts'
import {
  anchorId,
  fresh,
  indexOf,
  isAtTop,
  listState,
  located,
  newestId,
  placeOf,
  rowAt,
  show,
  total,
} from '../inbox.ts'
import { isSplit, isTouch } from '../layout.ts'
import { openId } from '../message.ts'
import { route } from '../route.ts'
import { isSelected } from '../selection.ts'
import { density } from '../settings.ts'
import { strings } from '../strings.ts'
import {
  type Geometry,
  rowsInView,
  rowTop,
  scrollHeight,
  scrollTopFor,
  scrollTopToReveal,
  viewStart,
} from '../window.ts'
import { MessageRow, type RowAction, SkeletonRow } from './message-row.tsx'
import { NewMailPill } from './new-mail-pill.tsx'

/** Rows rendered beyond either edge of the view. */
const overscan = 6
const heights = { comfortable: 64, compact: 36 }

/** The virtual list: only what is in view is in the document, however long the list is. */
export const MessageList = () => {
  const scroller = useRef<HTMLDivElement>(null)
  const track = useRef<HTMLDivElement>(null)
  const [scrollTop, setScrollTop] = useState(0)
  const [viewHeight, setViewHeight] = useState(0)
  /** The first row in view and how far the view begins inside it: what stays in place. */
  const anchor = useRef<{ id: number; inside: number } | null>(null)
  const newestShown = useRef(0)

  const rowHeight = isTouch.value && density.value === 'compact' ? 44 : heights[density.value]
  const geometry: Geometry = { rowHeight, viewHeight, total: total.value }
  const { start, end } = rowsInView(geometry, scrollTop, overscan)

  const moveTo = (top: number): void => {
    const element = scroller.current
    if (!element) return
    element.scrollTop = top
    follow()
  }

  /** Takes note of where the list is scrolled to. */
  const follow = (): void => {
    const element = scroller.current
    if (!element) return
    const top = element.scrollTop
    const begin = viewStart(geometry, top)
    const index = Math.floor(begin / rowHeight)
    const first = untracked(() => rowAt(index))
    anchor.current = first ? { id: first.id, inside: begin - index * rowHeight } : null
    anchorId.value = first?.id ?? null
    isAtTop.value = top < rowHeight / 2
    if (isAtTop.value) fresh.value = 0
    setScrollTop(top)
  }

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => setViewHeight(element.clientHeight))
    observer.observe(element)
    setViewHeight(element.clientHeight)
    return () => observer.disconnect()
  }, [])

  // Arrivals and removals above move the scroll position, not the rows under the reader's eyes.
  const place = anchor.current && !isAtTop.value ? placeOf(anchor.current.id) : undefined
  useLayoutEffect(() => {
    if (place === undefined || !anchor.current) return
    const wanted = scrollTopFor(geometry, place * rowHeight + anchor.current.inside)
    if (Math.abs(wanted - (scroller.current?.scrollTop ?? 0)) >= 1) moveTo(wanted)
  }, [place, rowHeight, geometry.total])

  // Rows that were not known yet when the list was scrolled to them.
  useLayoutEffect(() => {
    if (!anchor.current && viewHeight > 0) follow()
  })

  // At the top, new rows slide in.
  const newest = total.value > 0 ? (rowAt(0)?.id ?? 0) : 0
  useLayoutEffect(() => {
    const before = newestShown.current
    newestShown.current = newest
    if (before === 0 || newest <= before || !isAtTop.value) return
    const count = indexOf(before)
    if (!count || count > 3 || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    track.current?.animate(
      [{ transform: `translateY(${-count * rowHeight}px)` }, { transform: 'none' }],
      { duration: 120, easing: 'ease-out' },
    )
  }, [newest])

  const { q } = route.value
  useLayoutEffect(() => {
    anchor.current = null
    newestShown.current = 0
    moveTo(0)
  }, [q])

  const isReady = listState.value.is === 'ready'
  useEffect(() => {
    if (!isReady) return
    // Not what was rendered: the scroll position may have followed an arrival since.
    const view = rowsInView(geometry, scroller.current?.scrollTop ?? 0, overscan)
    show(view.start, view.end)
  }, [isReady, start, end, newestId(), geometry.total])

  const active = activeId.value
  const activeIndex = active === null ? undefined : indexOf(active)
  const reveal = (index: number): void => {
    const top = scroller.current?.scrollTop ?? 0
    const wanted = scrollTopToReveal(geometry, top, index)
    if (wanted !== top) moveTo(wanted)
  }
  useLayoutEffect(() => {
    if (activeIndex !== undefined && viewHeight > 0) reveal(activeIndex)
  }, [active, viewHeight > 0])

  const locatedIndex = located.value
  useLayoutEffect(() => {
    if (locatedIndex === null || viewHeight === 0) return
    located.value = null
    moveTo(scrollTopFor(geometry, locatedIndex * rowHeight - viewHeight / 3))
  }, [locatedIndex, viewHeight > 0])

  const wish = focusList.value
  useLayoutEffect(() => {
    if (wish > 0) scroller.current?.focus({ preventScroll: true })
  }, [wish])

  const indexes = Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at)
  // What aria-activedescendant names has to be in the document.
  if (activeIndex !== undefined && activeIndex < start) indexes.unshift(activeIndex)
  if (activeIndex !== undefined && activeIndex >= end) indexes.push(activeIndex)

  const open = (id: number): void => {
    openMessage(id, openId.value === null || !isSplit.value ? 'push' : 'replace')
    if (isSplit.value) scroller.current?.focus({ preventScroll: true })
  }

  const act = (row: MessageSummary, action: RowAction): void => {
    const one = { ids: [[row.id, row.id]] } as const
    if (action === 'delete') deleteMessage(row.id)
    else if (action === 'unread') change(one, { unread: !row.unread })
    else if (action === 'flag') change(one, { flagged: !row.flagged })
    else {
      activeId.value = row.id
      toggleSelect(row.id)
    }
  }
  const reach = (id: number): void => {
    void selectTo(id)
    activeId.value = id
  }

  return (
    <div class="list" data-density={density.value}>
      {fresh.value > 0 && <NewMailPill onClick={() => moveTo(0)} />}
      <div
        ref={scroller}
        class="list-scroller"
        role="listbox"
        aria-label={q ? strings.rows.found : strings.rows.list}
        aria-multiselectable="true"
        aria-busy={listState.value.is === 'loading'}
        aria-activedescendant={activeIndex === undefined ? undefined : `row-${active}`}
        tabIndex={0}
        data-testid="list"
        onScroll={follow}
      >
        <div
          ref={track}
          class="list-track"
          role="presentation"
          style={{ height: `${scrollHeight(geometry)}px` }}
        >
          {indexes.map(index => {
            const row = rowAt(index)
            const top = rowTop(geometry, scrollTop, index)
            return row ? (
              <MessageRow
                key={row.id}
                row={row}
                top={top}
                index={index}
                total={geometry.total}
                isActive={row.id === active}
                isOpen={row.id === openId.value}
                isSelected={isSelected(row.id)}
                onOpen={open}
                onSelectTo={reach}
                onAction={act}
              />
            ) : (
              <SkeletonRow key={`unknown-${index}`} top={top} />
            )
          })}
        </div>
      </div>
    </div>
  )
}
