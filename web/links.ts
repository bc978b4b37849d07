import type { Link } from '../server/http/resources.ts'

/** Where a link leads to, as a browser reads it: what is no URL stays as it is written. */
export const targetOf = (href: string): string => (URL.canParse(href) ? new URL(href).href : href)

/** Whether it may be opened from here: nothing but pages of the web. */
export const isWeb = (href: string): boolean => /^https?:\/\//i.test(href) && URL.canParse(href)

/** One target of a mail, with all links that lead to it. */
export type Target = {
  readonly href: string
  readonly kind: Link['kind']
  /** What stands on the links, each once, the first first. */
  readonly texts: readonly string[]
  readonly count: number
  /** Parts of the mail that it is in. */
  readonly parts: readonly string[]
  /** It goes over the net unencrypted. */
  readonly isInsecure: boolean
}

/** The targets of a mail in the order of their first links. A picture and a link to the same address are two. */
export const targetsOf = (links: readonly Link[]): readonly Target[] => {
  const found = new Map<string, { links: Link[]; href: string }>()
  for (const link of links) {
    const href = targetOf(link.href)
    const key = `${link.kind === 'image' ? 'image' : 'link'} ${href}`
    const known = found.get(key)
    if (known) known.links.push(link)
    else found.set(key, { links: [link], href })
  }
  return [...found.values()].map(({ links: same, href }) => ({
    href,
    kind: same[0]?.kind ?? 'other',
    texts: [...new Set(same.map(({ text }) => text).filter(text => text !== ''))],
    count: same.length,
    parts: [...new Set(same.map(({ part }) => part))],
    isInsecure: /^http:/i.test(href),
  }))
}

export const filters = ['all', 'links', 'images', 'repeated', 'insecure'] as const
export type Filter = (typeof filters)[number]

export const passes = (target: Target, filter: Filter): boolean => {
  switch (filter) {
    case 'all':
      return true
    case 'links':
      return target.kind !== 'image'
    case 'images':
      return target.kind === 'image'
    case 'repeated':
      return target.count > 1
    case 'insecure':
      return target.isInsecure
  }
}

/** An address for the eye: what comes before the host, the host, and what comes after it. */
export const splitHost = (href: string): readonly [before: string, host: string, after: string] => {
  if (!isWeb(href)) return [href, '', '']
  const { host } = new URL(href)
  const at = href.indexOf(host)
  return at < 0 ? [href, '', ''] : [href.slice(0, at), host, href.slice(at + host.length)]
}
