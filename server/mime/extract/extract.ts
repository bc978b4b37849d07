import { readHtmlText } from '../html-text.ts'
import type { Code } from './code.ts'
import { findCodes } from './codes.ts'
import { HiddenElements } from './hidden.ts'
import type { Link } from './link.ts'
import { findLinks, type HtmlSource, type TextSource } from './links.ts'
import { once } from './once.ts'
import { targetOf } from './target.ts'
import { urlCodes } from './url-words.ts'

/** What a test or a person wants of a mail at once. */
export type Extract = { readonly links: readonly Link[]; readonly codes: readonly Code[] }

/**
 * The links and one-time codes of a mail. `unsubscribe` has the addresses of its List-Unsubscribe field. Total and linear:
 * whatever the mail holds, it takes time by its length, and the lists are short.
 */
export function extract(mail: {
  readonly subject: string
  readonly unsubscribe: ReadonlySet<string>
  readonly texts: readonly TextSource[]
  readonly htmls: readonly HtmlSource[]
}): Extract {
  const visible = once(() => mail.htmls.map(visibleOf))
  const found = findLinks(mail.texts, mail.htmls, mail.unsubscribe)
  const links = isUnclear(found)
    ? withoutHidden(found, findLinks(mail.texts, visible(), mail.unsubscribe))
    : found
  const linked = once(() => new Set(links.flatMap(({ href }) => urlCodes(href))))
  const codesOf = (htmls: readonly HtmlSource[]) =>
    findCodes(
      [
        ...mail.texts,
        ...htmls.map(({ part, reading }) => ({ part, text: reading.text })),
        { part: null, text: mail.subject },
      ],
      linked,
    )
  const codes = codesOf(mail.htmls)
  // Which text is hidden is looked into where it matters: in the few mails that seem to have a code, or one in which
  // hidden digits make it too long.
  const mayHide = codes.length > 0 || mail.htmls.some(({ reading }) => /\d{9}/.test(reading.text))
  return { links, codes: mayHide && mail.htmls.length > 0 ? codesOf(visible()) : codes }
}

/** A document as a person sees it. */
function visibleOf({ part, html }: HtmlSource): HtmlSource {
  return { part, html, reading: readHtmlText(html, new HiddenElements(html)) }
}

/** Whether the mail seems to ask for several things. */
function isUnclear(links: readonly Link[]): boolean {
  const actions = links.filter(({ kind }) => kind === 'action')
  return new Set(actions.map(({ href }) => targetOf(href))).size > 1
}

/** What nobody sees is not what the mail asks for. */
function withoutHidden(links: readonly Link[], visible: readonly Link[]): readonly Link[] {
  const seen = new Set(visible.map(({ href }) => href))
  return links.map(link =>
    link.kind === 'action' && !seen.has(link.href) ? { ...link, kind: 'link' } : link,
  )
}
