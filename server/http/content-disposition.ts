import { cleanFileName } from './file-name.ts'

/**
 * Content-Disposition (RFC 6266) with a file name from a mail: text that somebody sent, so it is cut, freed of what
 * could lead out of a folder or fool the eye, and written twice: in ASCII, and whole as RFC 8187 says.
 */
export function contentDisposition(type: 'attachment' | 'inline', name: string): string {
  const safe = cleanFileName(name)
  const ascii = safe.replace(/[^\w. -]/gu, '_').slice(0, 100)
  return `${type}; filename="${ascii}"; filename*=UTF-8''${encodeExtended(safe, 300)}`
}

/** ext-value's value-chars (RFC 8187 §3.2.1), cut before the character that would pass `most` octets. */
function encodeExtended(text: string, most: number): string {
  let encoded = ''
  for (const character of text) {
    const next = encodeURIComponent(character).replace(
      /['()*]/g,
      char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
    )
    if (encoded.length + next.length > most) break
    encoded += next
  }
  return encoded
}
