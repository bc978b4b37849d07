/** What sees that something of a mail was obeyed on its way out. Each answers the faults that it finds, in words. */

/** C0 but LF, DEL, C1, the separators of lines, and what turns the direction of text. */
const controls =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

export const controlsIn = (text: string): string[] =>
  [...new Set(text.match(controls))].map(
    character => `U+${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** Names that are devices on Windows, before their first dot and the spaces before that. */
const device = /^(?:con|prn|aux|nul|com[1-9\u00b9\u00b2\u00b3]|lpt[1-9\u00b9\u00b2\u00b3])$/

/** What is wrong with the names of files in one folder; none may have more than `most` octets. */
export const nameFaults = (names: readonly string[], most = 255): string[] => {
  const faults = names.flatMap(name => {
    const stem = (name.split('.')[0] ?? '').trimEnd().toLowerCase()
    return [
      ...controlsIn(name),
      ...(/[/\\:\n]/.test(name) ? ['a path'] : []),
      ...(/^\.*$/.test(name) ? ['a folder'] : []),
      ...(/^[. ]|[. ]$/.test(name) ? ['a dot or space at an end'] : []),
      ...(device.test(stem) ? ['a device'] : []),
      ...(Buffer.byteLength(name) > most ? ['too long'] : []),
    ].map(fault => `${fault} in ${JSON.stringify(name.slice(0, 100))}`)
  })
  const folded = names.map(name => name.normalize('NFC').toLowerCase())
  const twice = folded.filter((name, at) => folded.indexOf(name) !== at)
  return [...faults, ...twice.map(name => `${name} twice`)]
}

/** The names in the directory of a ZIP archive (APPNOTE §4.3.12, §4.3.16). */
export function zipNames(archive: Buffer): string[] {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  const names: string[] = []
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [name, extra, comment] = [28, 30, 32].map(field => archive.readUInt16LE(at + field))
    names.push(archive.toString('utf8', at + 46, at + 46 + (name ?? 0)))
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return names
}

/** The name that Content-Disposition gives, as a browser reads it; null where the field has another form. */
export function dispositionOf(field: string): { type: string; names: string[] } | null {
  const [, type, ascii, whole] =
    /^(attachment|inline); filename="([\w. -]{1,100})"; filename\*=UTF-8''([\w!#$&+.^`|~%-]{1,400})$/.exec(
      field,
    ) ?? []
  if (!type || ascii === undefined || whole === undefined) return null
  return { type, names: [ascii, decodeURIComponent(whole)] }
}

/** The type that the first octets of a picture say, as browsers read them; null where they are none of the four. */
export function pictureType(octets: Buffer): string | null {
  const text = octets.toString('latin1', 0, 12)
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (/^GIF8[79]a/.test(text)) return 'image/gif'
  return text.startsWith('RIFF') && text.endsWith('WEBP') ? 'image/webp' : null
}

/** Every answer has these. */
const always: Readonly<Record<string, RegExp>> = {
  'x-content-type-options': /^nosniff$/,
  'cross-origin-resource-policy': /^same-origin$/,
  'cache-control': /^no-store$/,
  'permissions-policy': /^camera=\(\), microphone=\(\), geolocation=\(\)$/,
  'x-dns-prefetch-control': /^off$/,
  vary: /^Origin, Sec-Fetch-Site$/,
}

const closed = { 'x-frame-options': /^DENY$/ }
const ofMail = { 'referrer-policy': /^no-referrer$/ }
const isolated = {
  ...closed,
  ...ofMail,
  'content-security-policy': /^default-src 'none'; frame-ancestors 'none'; sandbox$/,
}
const own = {
  ...closed,
  'referrer-policy': /^same-origin$/,
  'cross-origin-opener-policy': /^same-origin$/,
  'content-security-policy': /^default-src 'none'; .*frame-ancestors 'none'$/,
}
const html = (remote: string) => ({
  ...ofMail,
  'x-frame-options': /^SAMEORIGIN$/,
  'content-type': /^text\/html; charset=utf-8$/,
  'content-security-policy': new RegExp(
    `^default-src 'none'; style-src 'unsafe-inline'${remote}; img-src data:${remote}; font-src data:${remote}; ${remote && `media-src${remote}; `}base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox$`,
  ),
})

/** What security.md prescribes for each kind of answer. */
export const kinds = {
  json: { ...own, 'content-type': /^application\/json$/ },
  problem: { ...own, 'content-type': /^application\/problem\+json$/ },
  /** In the place of a mail's HTML, with the fields of that. */
  htmlProblem: { ...isolated, 'content-type': /^application\/problem\+json$/ },
  html: html(''),
  remoteHtml: html(' http: https:'),
  text: { ...isolated, 'content-type': /^text\/plain; charset=utf-8$/ },
  file: {
    ...isolated,
    'content-type': /^application\/octet-stream$/,
    'content-disposition': /^attachment; /,
  },
  mail: {
    ...isolated,
    'content-type': /^message\/rfc822$/,
    'content-disposition': /^attachment; /,
  },
  zip: {
    ...isolated,
    'content-type': /^application\/zip$/,
    'content-disposition': /^attachment; /,
  },
  picture: {
    ...isolated,
    'content-type': /^image\/(?:png|jpeg|gif|webp)$/,
    'content-disposition': /^inline; /,
  },
} as const satisfies Record<string, Record<string, RegExp>>

export type Kind = keyof typeof kinds

/** Fields that an answer may have besides. A mail cannot add one. */
const known = new Set([
  ...[
    'connection',
    'content-length',
    'date',
    'keep-alive',
    'location',
    'transfer-encoding',
    'allow',
  ],
  ...['content-disposition', 'content-encoding', 'cross-origin-opener-policy'],
])

/** What is wrong with the header fields of an answer of that kind. */
export function policyFaults(kind: Kind, headers: Headers): string[] {
  const wanted: Record<string, RegExp> = { ...always, ...kinds[kind] }
  const faults = Object.entries(wanted).flatMap(([name, pattern]) => {
    const value = headers.get(name) ?? ''
    return pattern.test(value) ? [] : [`${name}: ${value}`]
  })
  for (const name of headers.keys()) {
    if (!(name in wanted) && !known.has(name)) faults.push(`a field ${name}`)
  }
  const disposition = headers.get('content-disposition')
  if (disposition === null) return faults
  const read = dispositionOf(disposition)
  if (!read) return [...faults, `content-disposition: ${disposition}`]
  return [...faults, ...read.names.flatMap(name => nameFaults([name], 300))]
}
