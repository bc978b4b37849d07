import { decodeHTMLAttribute } from 'entities'

/** Attributes that one tag may have; the rest is not read. */
const MAX_ATTRIBUTES = 100

/**
 * The attributes of a start tag, which begins with `<`, as a browser reads them: names in lower case, values without
 * quotes and with their character references decoded, the first of a name. Linear.
 */
export function readAttributes(tag: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  let at = 1
  while (at < tag.length && !endsName(tag.charCodeAt(at))) at++
  for (let count = 0; count < MAX_ATTRIBUTES; count++) {
    while (isSpace(tag.charCodeAt(at)) || tag.charCodeAt(at) === SLASH) at++
    if (at >= tag.length || tag.charCodeAt(at) === GREATER_THAN) break
    const start = at++
    while (at < tag.length && tag.charCodeAt(at) !== EQUALS && !endsName(tag.charCodeAt(at))) at++
    const name = tag.slice(start, at).toLowerCase()
    let value = ''
    let next = at
    while (isSpace(tag.charCodeAt(next))) next++
    if (tag.charCodeAt(next) === EQUALS) {
      next++
      while (isSpace(tag.charCodeAt(next))) next++
      const quote = tag[next]
      if (quote === '"' || quote === "'") {
        const end = tag.indexOf(quote, next + 1)
        at = end === -1 ? tag.length : end + 1
        value = tag.slice(next + 1, end === -1 ? tag.length : end)
      } else {
        at = wordEnd(tag, next)
        value = tag.slice(next, at)
      }
    }
    if (!attributes.has(name)) attributes.set(name, decoded(value))
  }
  return attributes
}

const SLASH = 0x2f
const EQUALS = 0x3d
const GREATER_THAN = 0x3e

function isSpace(unit: number): boolean {
  return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d && unit !== 0x0b)
}

function endsName(unit: number): boolean {
  return isSpace(unit) || unit === SLASH || unit === GREATER_THAN
}

function wordEnd(tag: string, from: number): number {
  let at = from
  while (at < tag.length && !isSpace(tag.charCodeAt(at)) && tag.charCodeAt(at) !== GREATER_THAN)
    at++
  return at
}

function decoded(value: string): string {
  return value.includes('&') ? decodeHTMLAttribute(value) : value
}
