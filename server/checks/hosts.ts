/** The host of a web address, in lower case; null where it is none. */
export function hostOf(address: string): string | null {
  if (!URL.canParse(address)) return null
  return new URL(address).hostname.toLowerCase().replace(/\.$/, '') || null
}

/** The host that a link's text names, such as `example.com` or `https://example.com/x`; null where it is other text. */
export function namedHost(text: string): string | null {
  const word = text.trim()
  if (word.length > 2_000 || /\s/.test(word)) return null
  if (/^https?:\/\//i.test(word)) return hostOf(word)
  // A name of a file, or a person’s name with a dot, is none.
  const named = /^((?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z]{2,24})(?:[/?#:].*)?$/i.exec(word)
  if (!named?.[1] || NO_HOSTS.test(named[1])) return null
  return named[1].toLowerCase()
}

/** Endings of files, which are written as hosts are. */
const NO_HOSTS =
  /\.(?:pdf|docx?|xlsx?|pptx?|zip|csv|txt|png|jpe?g|gif|svg|webp|html?|ics|json|xml)$/i
