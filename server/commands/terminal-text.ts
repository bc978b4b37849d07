import { escapeControls } from '../log.ts'

/** Text from a mail on one line, which a terminal shows and does not obey. */
export const oneLine = (text: string): string => escapeControls(text.replace(/\s+/g, ' ').trim())

/** The same for text of many lines: only line ends and tabs keep their meaning. */
export const manyLines = (text: string): string =>
  text
    .split(/\r\n|\n/)
    .map(line => line.split('\t').map(escapeControls).join('\t'))
    .join('\n')

// East Asian wide and full-width characters, and the pictures that terminals draw as wide.
const wide =
  /^(?:[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{RI})/u
const segmenter = new Intl.Segmenter()

const lettersOf = (text: string): string[] =>
  [...segmenter.segment(text)].map(({ segment }) => segment)
const widthOf = (letter: string): number => (wide.test(letter) ? 2 : 1)

/** How many columns of a terminal text takes. */
export const columnsOf = (text: string): number =>
  lettersOf(text).reduce((sum, letter) => sum + widthOf(letter), 0)

/** Cuts text, and fills it up with spaces, to so many columns of a terminal. */
export function toColumns(text: string, columns: number): string {
  const total = columnsOf(text)
  if (total <= columns) return text + ' '.repeat(columns - total)
  let width = 0
  let cut = ''
  for (const letter of lettersOf(text)) {
    if (width + widthOf(letter) > columns - 1) break
    width += widthOf(letter)
    cut += letter
  }
  return `${cut}…${' '.repeat(columns - 1 - width)}`
}
