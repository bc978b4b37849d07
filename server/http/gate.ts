import type { IncomingMessage } from 'node:http'
import { isIP, isIPv6 } from 'node:net'
import { HttpProblem } from './problem.ts'

export type GateOptions = {
  /** Host names that are let in beside the local ones. */
  readonly allowHost: readonly string[]
  /** Origins of other pages that may speak to us, such as `https://app.test:3000`. */
  readonly allowOrigin: readonly string[]
}

/** What the gate found out about a request that it lets through. */
export type Passed = {
  /** The origin of another page that was allowed to ask and may read the answer. */
  readonly crossOrigin: string | null
  /** Why nothing but a page may answer: it may be a link of another site that was followed. Null where anything may. */
  readonly onlyPages: string | null
}

const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE', 'OPTIONS']
/** The media types of a body; a page of another site cannot send one of these without asking first (CORS). */
const bodyTypes = ['application/json', 'message/rfc822', 'application/mbox']

/**
 * Decides whether a request, or an upgrade, comes from somebody who may speak to us. It looks at the parsed request
 * and never at the path, so no spelling of a path can go round it. Throws the HttpProblem that refuses.
 */
export function gate(request: IncomingMessage, options: GateOptions): Passed {
  const host = checkHost(request, options.allowHost)
  // A preflight only ever asks; without the CORS fields of an allowed origin the answer is no.
  const isPreflight = request.method === 'OPTIONS'
  const crossOrigin = checkOrigin(request, host, options.allowOrigin, isPreflight)
  const onlyPages =
    isPreflight || crossOrigin !== null
      ? null
      : (checkFetchSite(request) ?? checkReferer(request, host))
  checkMethod(request)
  checkBodyType(request)
  return { crossOrigin, onlyPages }
}

type Host = { readonly name: string; readonly port: string }

/** Whose name we are asked by: a name that nobody else can point at us (DNS rebinding), or one that was allowed. */
function checkHost(request: IncomingMessage, allowHost: readonly string[]): Host {
  const text = only(request, 'host')
  const match = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/.exec(text?.toLowerCase() ?? '')
  if (!match?.[1]) throw new HttpProblem(400, 'The Host field is missing or is no host.')
  const host = { name: match[1], port: match[2] ?? '' }
  // The absolute form of a request target names a host too (RFC 9112 §3.2.2); it must be the same.
  const target = request.url ?? ''
  if (!target.startsWith('/') && !(target === '*' && request.method === 'OPTIONS')) {
    const url = URL.canParse(target) ? new URL(target) : undefined
    if (url?.protocol !== 'http:' || url.host !== new URL(`http://${text}`).host) {
      throw new HttpProblem(400, 'The request target is no path of this host.')
    }
  }
  if (isLocal(host.name) || allowHost.some(name => name.toLowerCase() === host.name)) return host
  throw new HttpProblem(
    421,
    `Host "${host.name}" is not allowed; start with --allow-host ${host.name}`,
  )
}

/** `localhost`, `*.localhost`, an address, or a name without a dot (a container's): no public name can be any of them. */
function isLocal(name: string): boolean {
  if (name.startsWith('[')) return isIPv6(name.slice(1, -1))
  return !name.includes('.') || name.endsWith('.localhost') || isIP(name) !== 0
}

/** Whose page asks. Answers the origin if it is another's that was allowed. */
function checkOrigin(
  request: IncomingMessage,
  host: Host,
  allowOrigin: readonly string[],
  isPreflight: boolean,
): string | null {
  const origin = only(request, 'origin')
  if (origin === undefined || isOwn(origin, host)) return null
  if (allowOrigin.some(allowed => allowed.toLowerCase() === origin.toLowerCase())) return origin
  if (isPreflight) return null
  throw new HttpProblem(403, `Origin "${origin.slice(0, 200)}" is not allowed.`)
}

/** An origin is our own page's if it has the host and port that we are asked by; its scheme may be a TLS proxy's. */
function isOwn(origin: string, host: Host): boolean {
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false
  const url = new URL(origin)
  if (url.origin !== origin) return false
  const standard = url.protocol === 'https:' ? '443' : '80'
  const name = URL.canParse(`http://${host.name}`) ? new URL(`http://${host.name}`).hostname : ''
  return url.hostname === name && (url.port || standard) === (host.port || standard)
}

/** Where the browser says that the request comes from (the Fetch Metadata fields). Answers what that leaves to it. */
function checkFetchSite(request: IncomingMessage): string | null {
  const site = only(request, 'sec-fetch-site')
  if (site === undefined || site === 'same-origin' || site === 'none') return null
  const isNavigation =
    request.method === 'GET' &&
    request.headers.upgrade === undefined &&
    request.headers['sec-fetch-mode'] === 'navigate' &&
    request.headers['sec-fetch-dest'] === 'document'
  if (isNavigation) return 'A link of another site may lead to the pages only.'
  throw new HttpProblem(403, 'A page of another site may not ask this.')
}

/**
 * A browser sends the Fetch Metadata fields over TLS and to its own machine alone. Where it says nothing, what our own
 * page asks has its address (Referer, which a page can leave out and cannot forge), and anything else may be asked by
 * any page: it could not read the answer, but from how long a search takes it would learn what is in the mail.
 */
function checkReferer(request: IncomingMessage, host: Host): string | null {
  const { 'sec-fetch-site': site, origin, referer = '' } = request.headers
  const isSaid = site !== undefined || origin !== undefined || isThisMachine(host.name)
  if (isSaid || !isBrowser(request)) return null
  if (URL.canParse(referer) && isOwn(new URL(referer).origin, host)) return null
  return 'By plain HTTP a browser says which site asks to localhost only: use that, or HTTPS.'
}

/** A page can change neither: test tools that borrow the name of a browser send no languages. */
const isBrowser = ({ headers }: IncomingMessage): boolean =>
  headers['accept-language'] !== undefined && /^Mozilla\//.test(headers['user-agent'] ?? '')

/** Names and addresses that browsers trust as their own machine's (Secure Contexts §3.1). */
const isThisMachine = (name: string): boolean =>
  name === 'localhost' ||
  name.endsWith('.localhost') ||
  name === '[::1]' ||
  (isIP(name) === 4 && name.startsWith('127.'))

function checkMethod(request: IncomingMessage): void {
  if (methods.includes(request.method ?? '')) return
  throw new HttpProblem(405, `Method ${request.method} is not used here.`, {
    headers: { allow: methods.join(', ') },
  })
}

function checkBodyType(request: IncomingMessage): void {
  const length = request.headers['content-length'] ?? '0'
  if (request.headers['transfer-encoding'] === undefined && /^0+$/.test(length)) return
  if (bodyTypes.includes(mediaType(request))) {
    // Kept as it is, a compressed mail would be no mail (RFC 9110 §8.4: an unknown coding may be answered by 415).
    const coding = request.headers['content-encoding'] ?? 'identity'
    if (coding.toLowerCase() === 'identity') return
    throw new HttpProblem(415, 'A body must come as it is, without a Content-Encoding.')
  }
  throw new HttpProblem(415, `A body must be one of ${bodyTypes.join(', ')}.`)
}

/** The media type of the body in lower case, without parameters; `''` where there is none. */
export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** The value of a field that may come only once. */
function only(request: IncomingMessage, name: string): string | undefined {
  const values = request.headersDistinct[name]
  if (values && values.length > 1) throw new HttpProblem(400, `${name} is given twice.`)
  return values?.[0]
}
