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
  const visible = mail.htmls.map(visibleOf)
  const links = seen(
    findLinks(mail.texts, mail.htmls, mail.unsubscribe),
    findLinks(mail.texts, visible, mail.unsubscribe),
  )
  const sources = [
    ...mail.texts,
    ...visible.map(({ part, reading }) => ({ part, text: reading.text })),
    { part: null, text: mail.subject },
  ]
  const linked = once(() => new Set(links.flatMap(({ href }) => urlCodes(href))))
  return { links, codes: findCodes(sources, linked) }
}

/** A document as a person sees it. */
function visibleOf({ part, html }: HtmlSource): HtmlSource {
  return { part, html, reading: readHtmlText(html, new HiddenElements(html)) }
}

/** All links; but what the mail asks for is among those that a person sees. */
function seen(links: readonly Link[], visible: readonly Link[]): readonly Link[] {
  const actions = new Set(
    visible.filter(({ kind }) => kind === 'action').map(({ href }) => targetOf(href)),
  )
  return links.map(link => {
    if (link.kind !== 'action' && link.kind !== 'link') return link
    return { ...link, kind: actions.has(targetOf(link.href)) ? 'action' : 'link' }
  })
}
