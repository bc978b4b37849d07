import { readHtmlText } from '../html-text.ts'
import type { Code } from './code.ts'
import { type CodeSource, findCodes } from './codes.ts'
import { HiddenElements } from './hidden.ts'
import type { Link } from './link.ts'
import { findLinks, type HtmlSource, type TextSource } from './links.ts'
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
  const links = findLinks(mail.texts, mail.htmls, mail.unsubscribe)
  const linked = () => new Set(links.flatMap(({ href }) => urlCodes(href)))
  const sources = (htmls: readonly CodeSource[]): readonly CodeSource[] => [
    ...mail.texts,
    ...htmls,
    { part: null, text: mail.subject },
  ]
  const read = mail.htmls.map(({ part, reading }) => ({ part, text: reading.text }))
  const codes = findCodes(sources(read), linked)
  // Which text is hidden is looked into where it matters: in the few mails that seem to have a code, or one in which
  // hidden digits make it too long.
  const mayHide = codes.length > 0 || read.some(({ text }) => /\d{9}/.test(text))
  if (!mayHide || read.length === 0) return { links, codes }
  const visible = mail.htmls.map(({ part, html }) => ({
    part,
    text: readHtmlText(html, new HiddenElements(html)).text,
  }))
  return { links, codes: findCodes(sources(visible), linked) }
}
