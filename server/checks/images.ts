import { percentDecoded } from '../mime/html-document.ts'
import { type Element, elementsOf } from '../mime/html-tree.ts'
import { contentId } from '../mime/leaves.ts'
import { type Check, counted, cutReason } from './check.ts'
import { readCss } from './css.ts'
import type { Findings, Rule } from './findings.ts'
import type { CheckedMail, HtmlPart } from './mail.ts'
import { kilobytes } from './weight.ts'

/** Octets of one image, decoded, above which it is slow to come on a phone. */
const HEAVY = 500 * 1024

/** Images as they are before they are loaded, for those who do not see them, and their weight. */
export const images: Check = {
  group: 'images',
  run(mail, findings) {
    const cids = new Set(mail.leaves.attachments.map(contentId))
    let count = 0
    for (const html of mail.htmls) {
      for (const element of elementsOf(html.tree.root)) {
        lookReference(element, element.name === 'img' ? 'src' : 'background', cids, html, findings)
        if (element.name !== 'img') continue
        count++
        look(element, html, findings)
      }
    }
    const attached = lookAttached(mail, findings)
    return {
      looked: [
        `${counted(count, 'image')} in the HTML, ${attached} attached`,
        'alternative texts, sizes, weight, http:, parts that cid: refers to',
      ],
      ...cutReason(mail),
    }
  },
}

function look(element: Element, html: HtmlPart, findings: Findings): void {
  const add = (rule: Rule) =>
    findings.add(rule, () => html.place(element.startIndex ?? 0, (element.endIndex ?? 0) + 1))
  const { alt, src = '', width, height, style = '' } = element.attribs
  if (src.trim() === '') add(NO_SOURCE)
  if (/^\s*http:/i.test(src)) add(INSECURE)
  if (alt === undefined) add(NO_ALT)
  else if (/\.(?:png|jpe?g|gif|webp|svg|bmp)\s*$/i.test(alt)) add(FILE_NAME)
  else if (alt.trim() === '' && isOnlyChildOfLink(element)) add(LINK_NO_ALT)
  const has = sizesIn(style)
  const hasWidth = width !== undefined || has.has('width')
  if (!(hasWidth && (height !== undefined || has.has('height')))) {
    add(hasWidth ? NO_HEIGHT : NO_SIZE)
  }
}

/** What `cid:` refers to is a part of the same message (RFC 2392), as it is written there or percent-encoded. */
function lookReference(
  element: Element,
  attribute: string,
  cids: ReadonlySet<string | null>,
  html: HtmlPart,
  findings: Findings,
): void {
  const address = (element.attribs[attribute] ?? '').trim()
  if (!/^cid:/i.test(address)) return
  const cid = address.slice('cid:'.length)
  if (cids.has(cid) || cids.has(percentDecoded(cid))) return
  const start = html.tree.attributeStart(element, attribute)
  findings.add(NO_PART, () => html.place(start, start + attribute.length + cid.length + 7))
}

/** The image is the link: without its text there is nothing to click on. */
function isOnlyChildOfLink({ parent, prev, next }: Element): boolean {
  return parent !== null && 'name' in parent && parent.name === 'a' && !prev && !next
}

function sizesIn(style: string): ReadonlySet<string> {
  const properties = new Set<string>()
  if (/width|height/i.test(style)) {
    readCss(style, { declaration: ({ property }) => properties.add(property) }, { isInline: true })
  }
  return properties
}

/** Those that come with the mail; answers how many. */
function lookAttached({ leaves }: CheckedMail, findings: Findings): number {
  const parts = leaves.attachments.filter(part => !leaves.nested.has(part))
  let count = 0
  for (const part of parts) {
    if (!part.type.startsWith('image/')) continue
    count++
    const octets =
      part.encoding === 'base64' ? (part.end - part.bodyStart) * 0.73 : part.end - part.bodyStart
    if (octets > HEAVY) {
      findings.add(HEAVY_IMAGE, () => ({
        part: part.number,
        excerpt: `${part.dispositionParameters.get('filename') ?? part.parameters.get('name') ?? part.type}: ${kilobytes(octets)}`,
      }))
    }
  }
  return count
}

const NO_SOURCE: Rule = {
  check: 'images.no-source',
  severity: 'error',
  title: 'Images without an address',
  why: 'There is nothing to show; clients draw a broken image.',
  fix: 'Fill in src, or leave the image out.',
}
const INSECURE: Rule = {
  check: 'images.insecure',
  severity: 'warning',
  title: 'Images by http:',
  why: 'Webmail is served by https: and refuses them or shows a warning; whoever is on the way sees that the mail was opened.',
  fix: 'Serve images by https:.',
}
const NO_ALT: Rule = {
  check: 'images.no-alt',
  severity: 'error',
  title: 'Images without an alternative text',
  why: 'Many clients show images only when asked to: until then the alt is all there is, and for a screen reader always. Without one it may read out the address.',
  fix: 'Say in alt what the image says; alt="" where it is decoration.',
}
const FILE_NAME: Rule = {
  check: 'images.alt-file-name',
  severity: 'warning',
  title: 'Alternative texts that are the name of a file',
  why: 'It says nothing to the person who reads or hears it.',
  fix: 'Say what the image says; alt="" where it is decoration.',
}
const LINK_NO_ALT: Rule = {
  check: 'images.link-alt',
  severity: 'warning',
  title: 'Images that are a whole link, with an empty alternative text',
  why: 'Where images are off there is nothing to click on, and a screen reader reads out the address.',
  fix: 'Say in alt where the link leads.',
}
const NO_SIZE: Rule = {
  check: 'images.no-size',
  severity: 'warning',
  title: 'Images without width and height',
  why: 'Outlook for Windows shows them at their full size, and everywhere the text jumps as they load.',
  fix: 'Set the width and height attributes; a style may still make the image narrower.',
}
const NO_HEIGHT: Rule = {
  check: 'images.no-height',
  severity: 'info',
  title: 'Images with a width but no height',
  why: 'The text below jumps as they load.',
  fix: 'Set height, too, or height: auto in the style.',
}
const HEAVY_IMAGE: Rule = {
  check: 'images.heavy',
  severity: 'warning',
  title: 'Heavy images',
  why: 'They take long to load on a phone, and make the message larger for every recipient.',
  fix: 'Make the image as large as it is shown, and compress it.',
}
const NO_PART: Rule = {
  check: 'images.no-part',
  severity: 'error',
  title: 'References by cid: to a part that is not there',
  why: 'A cid: address names a part of the same message by its Content-ID (RFC 2392); without that the image is broken.',
  fix: 'Attach the image with that Content-ID, in angle brackets, or correct the reference.',
}
