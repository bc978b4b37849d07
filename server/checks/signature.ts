import type { Header } from '../mime/header.ts'

/** The tags of a DKIM-Signature or an ARC field, in order; a tag that stands twice is there twice (RFC 6376 §3.2). */
export function readTags(text: string): readonly (readonly [tag: string, value: string])[] {
  const tags: (readonly [string, string])[] = []
  for (const piece of text.split(';', 100)) {
    const equals = piece.indexOf('=')
    if (equals === -1) {
      if (piece.trim() !== '') tags.push([piece.trim(), ''])
    } else tags.push([piece.slice(0, equals).trim(), piece.slice(equals + 1).trim()])
  }
  return tags
}

/** For each DKIM-Signature the names, in lower case, of the fields that it says it covers. */
export function signedFields(header: Header): readonly ReadonlySet<string>[] {
  return header.all('dkim-signature').map(({ text }) => {
    const names = readTags(text).find(([tag]) => tag === 'h')?.[1] ?? ''
    return new Set(names.split(':').map(name => name.trim().toLowerCase()))
  })
}
