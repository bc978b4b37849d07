import { holdsMessage, type Part } from './structure.ts'

/** The leaves of a mail, told apart: what is read as its body, and what is listed beside it. */
export type Leaves = {
  readonly text: readonly Part[]
  readonly html: readonly Part[]
  readonly attachments: readonly Part[]
}

/**
 * Tells body from attachments. A text/plain or text/html part is body unless its disposition is `attachment`
 * (RFC 2183 §2.2), or it has a file name and is not where only a body can be: alone, first in its multipart,
 * or in a multipart/alternative. A nested message is one attachment, whole.
 */
export function sortLeaves(root: Part): Leaves {
  const text: Part[] = []
  const html: Part[] = []
  const attachments: Part[] = []
  const visit = (part: Part, isBodyPlace: boolean) => {
    if (part.type.startsWith('multipart/') && part.parts.length > 0) {
      const isAlternative = part.type === 'multipart/alternative'
      part.parts.forEach((child, index) => {
        visit(child, isAlternative || (isBodyPlace && index === 0))
      })
      return
    }
    const isNamed = fileName(part) !== ''
    const isBody = part.disposition !== 'attachment' && (isBodyPlace || !isNamed)
    if (isBody && part.type === 'text/html') html.push(part)
    else if (isBody && (part.type === 'text/plain' || isBroken(part))) text.push(part)
    else if (!(isBody && OTHER_RENDERINGS.has(part.type))) attachments.push(part)
  }
  visit(root, true)
  return { text, html, attachments }
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
