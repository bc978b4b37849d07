import {
  announcedLiteral,
  type CommandText,
  type Literal,
} from '../../server/imap/syntax/command-text.ts'

/**
 * A command as CommandReader gives it, of octets as they are sent, without the last line end. A literal that the octets
 * end with is one whose octets have yet to come.
 */
export const commandText = (sent: string): CommandText => {
  const literals: Literal[] = []
  let text = ''
  let rest = sent
  for (;;) {
    const lineEnd = rest.indexOf('\r\n')
    const line = lineEnd === -1 ? rest : rest.slice(0, lineEnd)
    const literal = announcedLiteral(line, text.length)
    text += line
    if (!literal) return { text, literals }
    if (lineEnd === -1) return { text, literals: [...literals, literal] }
    const end = lineEnd + 2 + literal.size
    literals.push({ ...literal, octets: Buffer.from(rest.slice(lineEnd + 2, end), 'latin1') })
    rest = rest.slice(end)
  }
}
