/**
 * The header fields of every response. A response that has one of them already keeps its own; one that must not have
 * a field at all says so with an empty value.
 */
const defaults: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  // To ourselves: the gate asks for it where a browser says nothing better.
  'referrer-policy': 'same-origin',
  vary: 'Origin, Sec-Fetch-Site',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
}

/** The Content-Security-Policy of the web inbox itself: scripts, styles and connections of our own, nothing else. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  // The one policy there is, which lets our own workers through and nothing else (web/source/own-worker.ts).
  'trusted-types mailcatch-worker',
].join('; ')

/** Puts the default fields on a response; an empty value there means: leave the field out. */
export function putDefaultHeaders(headers: Headers): void {
  for (const [name, value] of Object.entries(defaults)) {
    const own = headers.get(name)
    if (own === null) headers.set(name, value)
    else if (own === '') headers.delete(name)
  }
}
