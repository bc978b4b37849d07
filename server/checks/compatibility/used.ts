import {
  type Element,
  isComment,
  isDirective,
  isTag,
  isText,
  nodesOf,
} from '../../mime/html-tree.ts'
import { contentId } from '../../mime/leaves.ts'
import type { Part } from '../../mime/structure.ts'
import { type CssVisitor, type Declaration, readCss } from '../css.ts'
import { formatOfAddress, formatOfType } from '../image-format.ts'
import type { CheckedMail, HtmlPart } from '../mail.ts'
import type { Place } from '../report.ts'
import { type FeatureIndex, indexFeatures } from './feature-index.ts'

/** Tells of one use of a feature; `place` is asked only where it is wanted. */
export type Use = (slug: string, place: () => Place) => void

const index = indexFeatures()

/** Finds every feature of the table that a mail uses. Answers false where some CSS passed the limits. */
export function findUsed(mail: CheckedMail, use: Use): boolean {
  let isWhole = true
  for (const html of mail.htmls) if (!new Reader(html, mail, index, use).read()) isWhole = false
  const amp = partsOf(mail.root).find(({ type }) => type === 'text/x-amp-html')
  const slug = index.other.get('amp')
  if (amp && slug) use(slug, () => ({ part: amp.number }))
  return isWhole
}

function partsOf(part: Part): readonly Part[] {
  return [part, ...part.parts.flatMap(partsOf)]
}

/** Reads one HTML part. */
class Reader {
  readonly #html: HtmlPart
  readonly #index: FeatureIndex
  readonly #use: Use
  /** Images that come with the mail. */
  readonly #images: ReadonlyMap<string, string>

  constructor(html: HtmlPart, mail: CheckedMail, features: FeatureIndex, use: Use) {
    this.#html = html
    this.#index = features
    this.#use = use
    this.#images = new Map(
      mail.leaves.attachments.flatMap(part => {
        const cid = contentId(part)
        return cid === null ? [] : [[cid, part.type] as const]
      }),
    )
  }

  read(): boolean {
    let isWhole = true
    for (const node of nodesOf(this.#html.tree.root)) {
      const at = node.startIndex ?? 0
      if (isTag(node)) {
        if (!this.#element(node)) isWhole = false
      } else if (isComment(node)) {
        // Those for Outlook are no notes, and elsewhere as good as nothing.
        if (!/^\s*\[if|^<!\[endif|^\s*<?!?\[endif/i.test(node.data)) this.#other('html-comment', at)
      } else if (isDirective(node) && /^!doctype\s+html\s*$/i.test(node.data)) {
        this.#other('doctype', at)
      }
    }
    return isWhole
  }

  #tell(slug: string | undefined, start: number, end = start + 80): void {
    if (slug) this.#use(slug, () => this.#html.place(start, Math.min(end, this.#html.text.length)))
  }

  #other(what: Parameters<FeatureIndex['other']['get']>[0], start: number): void {
    this.#tell(this.#index.other.get(what), start)
  }

  #element(element: Element): boolean {
    const { name, attribs } = element
    const start = element.startIndex ?? 0
    this.#tell(this.#index.element.get(name), start)
    if (name === 'button' && /^(?:submit)?$/i.test((attribs.type ?? '').trim())) {
      this.#other('button-submit', start)
    }
    for (const [attribute, value] of Object.entries(attribs)) {
      for (const { slug, on, value: wanted } of this.#index.attribute.get(attribute) ?? []) {
        if ((on === null || on.has(name)) && (wanted === null || wanted.test(value))) {
          this.#tell(slug, this.#html.tree.attributeStart(element, attribute))
        }
      }
    }
    const source = IMAGE_SOURCES.get(name)
    for (const attribute of [...(source ?? []), 'background']) {
      const address = attribs[attribute]
      if (address) this.#image(address, this.#html.tree.attributeStart(element, attribute))
    }
    if (attribs.style) {
      const at = this.#html.tree.attributeStart(element, 'style')
      const from = at + this.#html.text.slice(at, at + 20).search(/["'][^"']?/) + 1
      return readCss(
        attribs.style,
        this.#visitor(start => from + start),
        { isInline: true },
      )
    }
    if (name !== 'style') return true
    let isWhole = true
    for (const text of element.children) {
      if (!isText(text)) continue
      const from = text.startIndex ?? 0
      if (
        !readCss(
          text.data,
          this.#visitor(at => from + at),
        )
      )
        isWhole = false
    }
    return isWhole
  }

  #visitor(place: (start: number) => number): CssVisitor {
    const { atRule, media, pseudo, selector } = this.#index
    return {
      declaration: each => this.#declaration(each, place(each.start)),
      atRule: (name, features, start) => {
        this.#tell(atRule.get(name), place(start))
        for (const feature of features) this.#tell(media.get(feature), place(start))
      },
      selector: (kind, start) => this.#tell(selector.get(kind), place(start)),
      pseudo: (name, start) => this.#tell(pseudo.get(name), place(start)),
      comment: start => this.#other('css-comment', place(start)),
    }
  }

  #declaration(declaration: Declaration, start: number): void {
    const { property, value, functions, units, keywords, urls } = declaration
    const end = start + declaration.end - declaration.start
    for (const { slug, value: wanted } of this.#index.property.get(property) ?? []) {
      if (wanted === null || wanted.test(value)) this.#tell(slug, start, end)
    }
    for (const name of functions) this.#tell(this.#index.function.get(name), start, end)
    for (const name of units) this.#tell(this.#index.unit.get(name), start, end)
    for (const name of keywords) this.#tell(this.#index.keyword.get(name), start, end)
    if (declaration.isImportant) this.#other('important', start)
    if (property.startsWith('--') || functions.has('var')) this.#other('variables', start)
    for (const url of urls) if (!property.startsWith('src')) this.#image(url, start)
  }

  #image(address: string, start: number): void {
    const isData = /^\s*data:/i.test(address)
    if (isData && /;\s*base64\s*,/i.test(address.slice(0, 200))) this.#other('base64', start)
    const cid = /^\s*cid:(.*)$/i.exec(address)?.[1]?.trim()
    const type = cid === undefined ? undefined : this.#images.get(cid)
    const format = type === undefined ? formatOfAddress(address) : formatOfType(type)
    if (format) this.#tell(this.#index.image.get(format), start)
  }
}

/** Attributes that name an image. */
const IMAGE_SOURCES: ReadonlyMap<string, readonly string[]> = new Map([
  ['img', ['src']],
  ['input', ['src']],
  ['video', ['poster']],
])
