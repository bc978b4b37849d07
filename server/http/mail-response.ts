import type { IncomingMessage } from 'node:http'
import type { Log } from '../log.ts'
import { contentDisposition } from './content-disposition.ts'
import { HttpProblem } from './problem.ts'
import { peek, streamBody } from './stream.ts'

/**
 * Every response that carries a mail's own HTML, text or octets is made here. A mail is hostile: isolation is what
 * keeps it from us, so the fields below are the boundary and not a second thought.
 */

const popups = 'allow-popups allow-popups-to-escape-sandbox'

/** The policy of a mail's HTML: nothing runs, and nothing is loaded but, if asked for, remote pictures and styles. */
const htmlPolicy = (isRemote: boolean): string => {
  const remote = isRemote ? ' http: https:' : ''
  return [
    "default-src 'none'",
    `style-src 'unsafe-inline'${remote}`,
    `img-src data:${remote}`,
    `font-src data:${remote}`,
    ...(isRemote ? ['media-src http: https:'] : []),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    `sandbox ${popups}`,
  ].join('; ')
}

/**
 * The fields of anything that a mail brings. Without Cross-Origin-Opener-Policy: a browser may refuse a document that is
 * both sandboxed and asks for that, and a sandboxed one has an origin of its own anyway.
 */
const isolated = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-opener-policy': '',
  'referrer-policy': 'no-referrer',
}

/** What a streaming answer needs to know of its request. */
export type Asked = {
  readonly incoming: IncomingMessage
  /** True where only the header fields will be sent: the octets are not even opened. */
  readonly isHead: boolean
  readonly http: { readonly log: Log }
}

/** Opens the octets; called only where they are wanted. */
export type Octets = () => AsyncIterable<Uint8Array>

/** The HTML of a mail as a document of its own, for the frame or a tab. */
export function htmlResponse(html: string, isRemote: boolean): Response {
  return new Response(html, {
    headers: {
      ...isolated,
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': htmlPolicy(isRemote),
      'x-frame-options': 'SAMEORIGIN',
    },
  })
}

/**
 * The problem that is answered in the place of a mail's HTML, with the fields of that. A page of another site may open
 * both, and sees whether what it opened was cut off from it (Cross-Origin-Opener-Policy): it would know which mails
 * there are.
 */
export const problemOfHtml = ({ status, message, extras }: HttpProblem): HttpProblem =>
  new HttpProblem(status, message, { ...extras, headers: { ...extras.headers, ...isolated } })

/** Text of a mail. */
export function textResponse(text: string): Response {
  return new Response(text, {
    headers: { ...isolated, 'content-type': 'text/plain; charset=utf-8' },
  })
}

/** The source of a mail, to look at. `size` is the number of octets. */
export function sourceResponse(octets: Octets, size: number, asked: Asked): Promise<Response> {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'content-length': `${size}` }
  return respond(octets, headers, asked)
}

/** Octets of a mail as a file: always a download, whatever they say they are. */
export function downloadResponse(
  octets: Octets,
  file: { readonly name: string; readonly type?: 'message/rfc822'; readonly size?: number },
  asked: Asked,
): Promise<Response> {
  const headers = {
    'content-type': file.type ?? 'application/octet-stream',
    'content-disposition': contentDisposition('attachment', file.name),
    ...(file.size === undefined ? {} : { 'content-length': `${file.size}` }),
  }
  return respond(octets, headers, asked)
}

/** An archive of mails or of their attachments. Nobody knows its size before its end. */
export function archiveResponse(octets: Octets, name: string, asked: Asked): Promise<Response> {
  const headers = {
    'content-type': 'application/zip',
    'content-disposition': contentDisposition('attachment', name),
  }
  return respond(octets, headers, asked)
}

/**
 * A picture of one of four kinds to look at in place, if its first octets are what its type says; undefined where they
 * are not, or where the type is another.
 */
export async function imageResponse(
  octets: Octets,
  image: { readonly name: string; readonly type: string },
  asked: Asked,
): Promise<Response | undefined> {
  const isOfType = imageTypes.get(image.type)
  if (!isOfType) return undefined
  const { head, all, close } = await peek(octets(), 12)
  if (!isOfType(head) || asked.isHead) await close()
  if (!isOfType(head)) return undefined
  const headers = {
    'content-type': image.type,
    'content-disposition': contentDisposition('inline', image.name),
  }
  return respond(() => all, headers, asked)
}

const startsWith = (head: Buffer, hex: string, at = 0): boolean =>
  head.subarray(at, at + hex.length / 2).toString('hex') === hex

const imageTypes = new Map<string, (head: Buffer) => boolean>([
  ['image/png', head => startsWith(head, '89504e470d0a1a0a')],
  ['image/jpeg', head => startsWith(head, 'ffd8ff')],
  ['image/gif', head => /^GIF8[79]a/.test(head.toString('latin1'))],
  ['image/webp', head => startsWith(head, '52494646') && startsWith(head, '57454250', 8)],
])

async function respond(
  octets: Octets,
  headers: Record<string, string>,
  { incoming, isHead, http }: Asked,
): Promise<Response> {
  const body = isHead ? null : await streamBody(octets(), incoming.socket, http.log)
  return new Response(body, { headers: { ...isolated, ...headers } })
}
