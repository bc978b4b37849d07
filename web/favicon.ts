import { effect } from '@preact/signals'
import { counts } from './inbox.ts'
import { strings } from './strings.ts'

const mark =
  '<rect width="32" height="32" rx="8" fill="#1d5fd1"/><path d="M8 11.5 16 17l8-5.5M8 10h16v7m0 5H8V10" fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round"/>'

/** What stands in the badge: nothing, 1 … 99, or `99+`. */
export const badgeText = (unread: number): string =>
  unread <= 0 ? '' : unread > 99 ? '99+' : String(unread)

/** The icon of the tab, with a badge where there is unread mail, as a `data:` address. */
export const faviconUrl = (unread: number): string => {
  const text = badgeText(unread)
  const width = 10 + 6 * text.length
  const badge = text
    ? `<rect x="${32 - width}" y="15" width="${width}" height="17" rx="8" fill="#c5221f"/><text x="${32 - width / 2}" y="28" text-anchor="middle" font-family="sans-serif" font-weight="700" font-size="13" fill="#fff">${text}</text>`
    : ''
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${mark}${badge}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** Keeps the title and the icon of the tab at how much is unread. */
export const startFavicon = (): void => {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  const plain = link?.href ?? ''
  effect(() => {
    const unread = counts.value?.unread ?? 0
    document.title = strings.attention.title(unread)
    if (link) link.href = unread > 0 ? faviconUrl(unread) : plain
  })
}
