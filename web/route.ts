import { signal } from '@preact/signals'
import { basePath } from './base-path.ts'

/** The message's tabs, in the order of their keys 1 … 8. */
export const tabs = [
  'html',
  'text',
  'source',
  'headers',
  'parts',
  'links',
  'checks',
  'smtp',
] as const
export type Tab = (typeof tabs)[number]
/** A tab that has an address of its own: `/m/42/html` is the bare mail, so that tab is the message's. */
export type NamedTab = Exclude<Tab, 'html'>

/** What the address bar says. `q` is the search that the list shows. */
export type Route =
  | { readonly page: 'inbox'; readonly q: string }
  | {
      readonly page: 'message'
      readonly id: number
      readonly tab: NamedTab | null
      readonly q: string
    }
  | { readonly page: 'connect'; readonly q: string }
  | { readonly page: 'settings'; readonly q: string }
  | { readonly page: 'unknown'; readonly q: string }

const isNamedTab = (name: string): name is NamedTab =>
  name !== 'html' && tabs.some(tab => tab === name)

/** Reads a path below the base path (without its leading slash) and a query string. */
export const parseRoute = (path: string, search: string): Route => {
  const q = new URLSearchParams(search).get('q') ?? ''
  if (path === '') return { page: 'inbox', q }
  if (path === 'connect' || path === 'settings') return { page: path, q }
  const message = /^m\/([1-9]\d{0,9})(?:\/([a-z]+))?$/.exec(path)
  if (message) {
    const tab = message[2]
    if (tab === undefined) return { page: 'message', id: Number(message[1]), tab: null, q }
    if (isNamedTab(tab)) return { page: 'message', id: Number(message[1]), tab, q }
  }
  return { page: 'unknown', q }
}

/** The address of a route below the base path: the inverse of `parseRoute`. */
export const formatRoute = (route: Route): string => {
  const query = route.q ? `?${new URLSearchParams({ q: route.q })}` : ''
  switch (route.page) {
    case 'connect':
    case 'settings':
      return `${route.page}${query}`
    case 'message':
      return `m/${route.id}${route.tab ? `/${route.tab}` : ''}${query}`
    case 'inbox':
    case 'unknown':
      return query
  }
}

export const hrefOf = (to: Route): string => basePath + formatRoute(to)

const here = (): Route => parseRoute(location.pathname.slice(basePath.length), location.search)

/** Where the page is. Set by `navigate` and by the browser's back and forward. */
export const route = signal<Route>({ page: 'inbox', q: '' })

/** Goes somewhere: a new entry of the history, or in place of the current one. */
export const navigate = (to: Route, how: 'push' | 'replace' = 'push'): void => {
  const href = hrefOf(to)
  if (href !== location.pathname + location.search) {
    if (how === 'push') history.pushState(null, '', href)
    else history.replaceState(null, '', href)
  }
  route.value = to
}

/** Follows the address bar from now on. */
export const startRouting = (): void => {
  route.value = here()
  addEventListener('popstate', () => {
    route.value = here()
  })
}
