import { holdsMessage, type Part } from './structure.ts'

/** The parts of a mail, told apart: what is read as its body, and what is listed beside it. */
export type Leaves = {
  readonly text: readonly Part[]
  readonly html: readonly Part[]
  /** In the order of the mail: a nested message, and after it what is attached to that. */
  readonly attachments: readonly Part[]
  /** Those of `attachments` that belong to a nested message. */
  readonly nested: ReadonlySet<Part>
}

type Body = { readonly text: Part[]; readonly html: Part[] }

/**
 * Tells body from attachments. A text/plain or text/html part is body unless its disposition is `attachment`
 * (RFC 2183 §2.2), or it has a file name and is not where only a body can be: alone, first in its multipart,
 * or in a multipart/alternative (mailparser.md, fault 4). A nested message is an attachment, and so is what is
 * attached to it (fault 6); a mail that has no body of its own, such as a digest (RFC 2046 §5.1.5), shows
 * those of the messages nested in it.
 */
export function sortLeaves(root: Part): Leaves {
  const own: Body = { text: [], html: [] }
  const inner: Body = { text: [], html: [] }
  const attachments: Part[] = []
  const nested = new Set<Part>()
  const attach = (part: Part, depth: number) => {
    attachments.push(part)
    if (depth > 0) nested.add(part)
  }
  const visit = (part: Part, isBodyPlace: boolean, depth: number) => {
    if (part.type.startsWith('multipart/') && part.parts.length > 0) {
      const isAlternative = part.type === 'multipart/alternative'
      part.parts.forEach((child, index) => {
        visit(child, isAlternative || (isBodyPlace && index === 0), depth)
      })
      return
    }
    const isNamed = fileName(part) !== ''
    const isBody = part.disposition !== 'attachment' && (isBodyPlace || !isNamed)
    const isText = part.type === 'text/plain' || isBroken(part)
    if (isBody && (isText || part.type === 'text/html')) {
      // Deeper ones are read by who opens the message that they are in.
      const body = depth === 0 ? own : depth === 1 ? inner : undefined
      body?.[isText ? 'text' : 'html'].push(part)
    } else if (!(isBody && OTHER_RENDERINGS.has(part.type))) {
      attach(part, depth)
    }
    for (const file of part.files ?? []) attach(file, depth)
    if (holdsMessage(part)) for (const message of part.parts) visit(message, true, depth + 1)
  }
  visit(root, true, 0)
  const { text, html } = own.text.length + own.html.length > 0 ? own : inner
  return { text, html, attachments, nested }
}

/** Alternatives of the body for programs that know them; people find them in the MIME tree. */
const OTHER_RENDERINGS: ReadonlySet<string> = new Set(['text/x-amp-html', 'text/watch-html'])

/** The name that the sender gave to the part, `''` where there is none: text, never a path. */
export function fileName(part: Part): string {
  return part.dispositionParameters.get('filename') ?? part.parameters.get('name') ?? ''
}

/** Content-ID without its angle brackets, null where there is none. */
export function contentId(part: Part): string | null {
  const id = part.id?.trim().replace(/^</, '').replace(/>$/, '').trim()
  return id || null
}

/** A multipart without any part in it: what it holds is shown as it is, so that nothing is lost. */
function isBroken(part: Part): boolean {
  return part.type.startsWith('multipart/') && !holdsMessage(part) && part.parts.length === 0
}
