/** The first characters of a text: at most so many units of UTF-16, and no half of a surrogate pair at the end. */
export function excerpt(text: string, most: number): string {
  if (text.length <= most) return text
  const last = text.charCodeAt(most - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? most - 1 : most)
}

/** The last characters of a text: at most so many units of UTF-16, and no half of a surrogate pair at the beginning. */
export function ending(text: string, most: number): string {
  if (text.length <= most) return text
  const at = text.length - most
  const first = text.charCodeAt(at)
  return text.slice(first >= 0xdc00 && first <= 0xdfff ? at + 1 : at)
}
