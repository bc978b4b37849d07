/** The arithmetic of the virtual list: rows of one fixed height, mapped to a scroller of bounded height. */

/** Browsers clip elements somewhere above 16 million pixels; above this the scroll position is a ratio. */
const maxHeight = 12_000_000

export type Geometry = {
  /** Pixels. */
  readonly rowHeight: number
  readonly viewHeight: number
  readonly total: number
}

/** Height of the scrolled element in pixels. */
export const scrollHeight = ({ rowHeight, total }: Geometry): number =>
  Math.min(rowHeight * total, maxHeight)

/** How many pixels of the true list one pixel of scrolling passes. */
const ratio = (geometry: Geometry): number => {
  const range = scrollHeight(geometry) - geometry.viewHeight
  const trueRange = geometry.rowHeight * geometry.total - geometry.viewHeight
  return range <= 0 || trueRange <= range ? 1 : trueRange / range
}

/** The true offset in pixels at which the view begins. */
export const viewStart = (geometry: Geometry, scrollTop: number): number =>
  Math.max(0, scrollTop) * ratio(geometry)

/** The scroll position that shows the true offset `start` at the top of the view. */
export const scrollTopFor = (geometry: Geometry, start: number): number => {
  const end = scrollHeight(geometry) - geometry.viewHeight
  return Math.min(Math.max(0, end), Math.max(0, start) / ratio(geometry))
}

/** The rows to render: what is in view and a few on either side, `[start, end)`. */
export const rowsInView = (
  geometry: Geometry,
  scrollTop: number,
  overscan: number,
): { start: number; end: number } => {
  const top = viewStart(geometry, scrollTop)
  const first = Math.floor(top / geometry.rowHeight)
  const last = Math.ceil((top + geometry.viewHeight) / geometry.rowHeight)
  return {
    start: Math.max(0, Math.min(first, geometry.total) - overscan),
    end: Math.min(geometry.total, last + overscan),
  }
}

/** Where a row is drawn inside the scrolled element, in pixels. */
export const rowTop = (geometry: Geometry, scrollTop: number, index: number): number =>
  Math.round(scrollTop + index * geometry.rowHeight - viewStart(geometry, scrollTop))

/** The scroll position nearest to `scrollTop` at which the row is wholly in view. */
export const scrollTopToReveal = (geometry: Geometry, scrollTop: number, index: number): number => {
  const view = viewStart(geometry, scrollTop)
  const top = index * geometry.rowHeight
  if (top < view) return scrollTopFor(geometry, top)
  const bottom = top + geometry.rowHeight
  if (bottom > view + geometry.viewHeight)
    return scrollTopFor(geometry, bottom - geometry.viewHeight)
  return scrollTop
}
