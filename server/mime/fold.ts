/** Text as searches compare it: compatibility forms (NFKC) and case do not count. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase()
}

/** White space runs as one space, as in search texts. */
export function collapse(text: string): string {
  // A lone space, nearly every match otherwise, stays as it is.
  return text.replace(/\s\s+|[^\S ]/g, ' ')
}
