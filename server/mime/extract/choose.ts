import type { Code } from './code.ts'
import { isFollowed, type Link, type LinkKind } from './link.ts'
import { targetOf } from './target.ts'

/**
 * The one that is meant, or those between which only the asker can tell: none, or at least two, the likeliest first. A
 * guess would make a test pass or fail by luck.
 */
export type Choice<T> =
  | { readonly only: T; readonly candidates?: never }
  | { readonly only?: never; readonly candidates: readonly T[] }

/**
 * The one-time code of a mail, of its `codes`: the one that is surer than all others. The same code in the subject, the text
 * and the HTML is one there already.
 *
 * @example
 * const { only, candidates } = chooseCode(content.codes)
 * if (only) return only.value
 */
export function chooseCode(codes: readonly Code[]): Choice<Code> {
  const [first] = codes
  return oneOf(codes.filter(({ confidence }) => confidence === first?.confidence))
}

/** Which link is wanted. */
export type Wanted = {
  /**
   * Asked of the text of each link; where no text will do, of each address. With it, links of every kind that can be followed
   * come into question.
   */
  readonly matches?: (textOrAddress: string) => boolean
  /** Links of this kind alone. */
  readonly kind?: LinkKind
}

/**
 * The link that is wanted, of the `links` of a mail: what the mail asks to do, or else the only one that there is. Links to
 * the same target, which text and HTML usually both have, are one.
 *
 * @example
 * const { only } = chooseLink(content.links)
 * const { only } = chooseLink(content.links, { matches: text => text.includes('Verify') })
 * const { only } = chooseLink(content.links, { kind: 'unsubscribe' })
 */
export function chooseLink(links: readonly Link[], wanted: Wanted = {}): Choice<Link> {
  const { kind, matches } = wanted
  const asked = links.filter(link => {
    if (kind !== undefined) return link.kind === kind
    return matches ? isFollowed(link) : link.kind === 'action' || link.kind === 'link'
  })
  const matching = matches ? matchingOf(asked, matches) : asked
  const actions = matching.filter(link => link.kind === 'action')
  const targets = new Map<string, Link>()
  for (const link of actions.length > 0 ? actions : matching) {
    const target = targetOf(link.href)
    if (!targets.has(target)) targets.set(target, link)
  }
  return oneOf([...targets.values()])
}

function matchingOf(links: readonly Link[], matches: (text: string) => boolean): readonly Link[] {
  const byText = links.filter(({ text }) => matches(text))
  return byText.length > 0 ? byText : links.filter(({ href }) => matches(href))
}

function oneOf<T>(all: readonly T[]): Choice<T> {
  const [only] = all
  return all.length === 1 && only !== undefined ? { only } : { candidates: all }
}
