/**
 * What a link leads to, so that two that are written or tracked in different ways are one: without the parameters that
 * count clicks.
 */
export function targetOf(href: string): string {
  const question = href.indexOf('?')
  const plain = question === -1 ? href : untracked(href, question)
  return /[^\0-~]/.test(plain) && URL.canParse(plain) ? new URL(plain).href : plain
}

function untracked(href: string, question: number): string {
  const hash = href.indexOf('#', question)
  const end = hash === -1 ? href.length : hash
  const parameters = href.slice(question + 1, end).split('&')
  const kept = parameters.filter(parameter => !isTracking(parameter))
  if (kept.length === parameters.length) return href
  const query = kept.length > 0 ? `?${kept.join('&')}` : ''
  return href.slice(0, question) + query + href.slice(end)
}

function isTracking(parameter: string): boolean {
  const equals = parameter.indexOf('=')
  const name = (equals === -1 ? parameter : parameter.slice(0, equals)).toLowerCase()
  return name.startsWith('utm_') || name.startsWith('hsa_') || TRACKING.has(name)
}

/** Of the usual senders and ad networks. */
const TRACKING: ReadonlySet<string> = new Set(
  `_hsenc _hsmi _ke _kx dclid dm_i elqtrackid fbclid gclid igshid mc_cid mc_eid mkt_tok msclkid oly_anon_id oly_enc_id
  rb_clickid s_cid sc_cid trk trkemail ttclid twclid vero_conv vero_id wickedid yclid`.split(/\s+/),
)
