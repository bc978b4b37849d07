/** A header field as it was sent: its body with the line ends inside it. */
export type RawField = { readonly name: string; readonly value: string }

/** The length of the header block at the start of a raw message, -1 where its end has not come yet. */
export const headerLength = (text: string): number => {
  if (/^\r?\n/.test(text)) return 0
  return /\n\r?\n|\r\r/.exec(text)?.index ?? -1
}

/** The fields of a raw header block, in order. A line that is no field and continues none is a field without a name. */
export const rawFields = (block: string): readonly RawField[] =>
  block
    .split(/(?:\r\n|\r|\n)(?![ \t\n])/)
    .filter(line => line !== '')
    .map(line => {
      const colon = line.indexOf(':')
      const name = colon < 0 ? '' : line.slice(0, colon)
      return /^[!-9;-~]+[ \t]*$/.test(name)
        ? { name: name.trimEnd(), value: line.slice(colon + 1).replace(/^[ \t]/, '') }
        : { name: '', value: line }
    })
