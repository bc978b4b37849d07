import type { Code, Link } from '../server/http/resources.ts'
import { isWeb, targetOf } from './links.ts'

/** Shown at most of each. */
const most = 2

/** The likeliest codes of a mail, each value once: more than one only where none is surer than the other. */
export const mainCodes = (codes: readonly Code[]): readonly Code[] => {
  const [first] = codes
  const likeliest = codes.filter(({ confidence }) => confidence === first?.confidence)
  return [...new Map(likeliest.map(code => [code.value, code])).values()].slice(0, most)
}

/** Characters of what could stand on a button. */
const label = 40

/** How well a link's text names it: words on a button, rather than a whole sentence before an address, or the address. */
const worth = ({ text, href }: Link): number => {
  if (text === '' || text === href || isWeb(text)) return 0
  // A sentence before an address, however short.
  if (/[.:]$/.test(text)) return 1
  return text.length <= label
    ? label + text.length
    : label - Math.min(label - 1, text.length - label)
}

/** What a mail asks its reader to open, or else the only link that it has; each target once. */
export const mainLinks = (links: readonly Link[]): readonly Link[] => {
  const web = links.filter(({ href }) => isWeb(href))
  const actions = web.filter(({ kind }) => kind === 'action')
  const others = web.filter(({ kind }) => kind === 'link')
  const asked = new Map<string, Link>()
  for (const link of actions.length > 0 ? actions : others) {
    const target = targetOf(link.href)
    const known = asked.get(target)
    if (!known || worth(link) > worth(known)) asked.set(target, link)
  }
  if (actions.length === 0 && asked.size > 1) return []
  return [...asked.values()].slice(0, most)
}
