import { type Code, type Confidence, MAX_CODES } from './code.ts'
import { confidenceOf } from './code-confidence.ts'
import { CodeText } from './code-text.ts'
import { once } from './once.ts'

/** A text of a mail: lines between LF, cells between tabs. The subject is of no part. */
export type CodeSource = { readonly part: string | null; readonly text: string }

/** Numbers that nothing but standing alone makes a code. */
const MAX_ALONE = 3

const RANKS: Readonly<Record<Confidence, number>> = { low: 1, medium: 2, high: 3 }

/**
 * What may be the one-time code of a mail, the likeliest first. Numbers that are called something else, and those that
 * nothing makes a code, are left out; between those that are left nothing is guessed. `linked` are values that links of the
 * mail hand over as a code. Linear.
 */
export function findCodes(
  sources: readonly CodeSource[],
  linked: () => ReadonlySet<string>,
): readonly Code[] {
  const texts = sources.map(({ part, text }) => ({ part, text: new CodeText(text) }))
  if (texts.every(({ text }) => text.shapes.length === 0)) return []
  const subject = texts.find(({ part }) => part === null)?.text
  const mail = {
    isAboutCodes: once(
      () => texts.some(({ text }) => text.names('code')) || !!subject?.names('bare', 'access'),
    ),
    isAboutPrices: once(() => !!subject?.names('coupon')),
    linked,
  }
  const codes = new Map<string, Code>()
  for (const { part, text } of texts) {
    for (const shape of text.shapes) {
      const confidence = confidenceOf(shape, text, mail)
      if (!confidence) continue
      const { value } = shape
      // `ABCD-1234` in the text may be `ABCD1234` in the HTML.
      const key = value.replaceAll('-', '').toUpperCase()
      const known = codes.get(key)
      if (known && RANKS[known.confidence] >= RANKS[confidence]) continue
      codes.set(key, { value, confidence, part, context: text.around(shape) })
    }
  }
  const found = [...codes.values()]
  // Where many numbers stand alone it is a table of them.
  const isTable = found.filter(({ confidence }) => confidence === 'low').length > MAX_ALONE
  return found
    .filter(({ confidence }) => confidence !== 'low' || !isTable)
    .sort((a, b) => RANKS[b.confidence] - RANKS[a.confidence])
    .slice(0, MAX_CODES)
}
