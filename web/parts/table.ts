/** Rows and columns that are shown. */
export const tableLimits = { rows: 1_000, columns: 50 }

export type Table = {
  readonly rows: readonly (readonly string[])[]
  /** There are more rows or columns than are shown. */
  readonly isCut: boolean
}

/**
 * Reads comma- or tab-separated values (RFC 4180 §2); where a semicolon parts them, as spreadsheets of many countries write
 * it, that. Nothing in a cell is taken for a formula. Linear.
 */
export const readTable = (text: string, contentType: string): Table => {
  const separator = contentType === 'text/tab-separated-values' ? '\t' : separatorOf(text)
  const rows: string[][] = []
  let isCut = false
  let at = 0
  while (at < text.length) {
    if (rows.length === tableLimits.rows) return { rows, isCut: true }
    const row: string[] = []
    for (;;) {
      const cell = cellAt(text, at, separator)
      if (row.length < tableLimits.columns) row.push(cell.value)
      else isCut = true
      at = cell.end
      if (text[at] !== separator) break
      at += 1
    }
    if (text[at] === '\r') at += 1
    if (text[at] === '\n') at += 1
    rows.push(row)
  }
  return { rows, isCut }
}

const separatorOf = (text: string): string => {
  const line = text.slice(0, 10_000).split('\n', 1)[0] ?? ''
  const count = (separator: string): number => line.split(separator).length
  return count(';') > count(',') ? ';' : ','
}

/** The cell that begins at `at`; `end` is where its separator, its line end or the end of the text stands. */
const cellAt = (text: string, at: number, separator: string): { value: string; end: number } => {
  let value = ''
  let start = at
  if (text[at] === '"') {
    start = at + 1
    for (;;) {
      const quote = text.indexOf('"', start)
      if (quote < 0) return { value: value + text.slice(start), end: text.length }
      value += text.slice(start, quote)
      start = quote + 1
      if (text[start] !== '"') break
      value += '"'
      start += 1
    }
  }
  const stop = separator === '\t' ? /[\t\r\n]/g : separator === ';' ? /[;\r\n]/g : /[,\r\n]/g
  stop.lastIndex = start
  const end = stop.exec(text)?.index ?? text.length
  return { value: value + text.slice(start, end), end }
}
