/** A character that shows nothing and yet changes what a reader sees. */
export type HiddenCharacter = {
  /** How it is shown: `RLO`, `ZWSP`, or its number. */
  readonly label: string
  /** `U+202E right-to-left override`. */
  readonly name: string
}

export type ShownPiece = string | HiddenCharacter

const names: Readonly<Record<number, readonly [label: string, name: string]>> = {
  173: ['SHY', 'soft hyphen'],
  847: ['CGJ', 'combining grapheme joiner'],
  1564: ['ALM', 'Arabic letter mark'],
  4447: ['HCF', 'Hangul choseong filler'],
  4448: ['HJF', 'Hangul jungseong filler'],
  6158: ['MVS', 'Mongolian vowel separator'],
  8203: ['ZWSP', 'zero width space'],
  8204: ['ZWNJ', 'zero width non-joiner'],
  8205: ['ZWJ', 'zero width joiner'],
  8206: ['LRM', 'left-to-right mark'],
  8207: ['RLM', 'right-to-left mark'],
  8232: ['LS', 'line separator'],
  8233: ['PS', 'paragraph separator'],
  8234: ['LRE', 'left-to-right embedding'],
  8235: ['RLE', 'right-to-left embedding'],
  8236: ['PDF', 'pop directional formatting'],
  8237: ['LRO', 'left-to-right override'],
  8238: ['RLO', 'right-to-left override'],
  8288: ['WJ', 'word joiner'],
  8294: ['LRI', 'left-to-right isolate'],
  8295: ['RLI', 'right-to-left isolate'],
  8296: ['FSI', 'first strong isolate'],
  8297: ['PDI', 'pop directional isolate'],
  12644: ['HF', 'Hangul filler'],
  65279: ['BOM', 'zero width no-break space'],
  65440: ['HWHF', 'halfwidth Hangul filler'],
}

const hidden =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\u034f|\r(?!\n)/gu

/** Scripts that are written with joiners and non-joiners, and emoji that are made of several. */
const joins =
  /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Extended_Pictographic}\p{Emoji_Modifier}]\ufe0f?$/u

/** True for a joiner where its script wants one, and for the tags of a flag. */
const belongs = (code: number, before: string, isAfterTag: boolean): boolean => {
  if (code === 0x200c || code === 0x200d) return joins.test(before)
  return code >= 0xe0020 && code <= 0xe007f && (isAfterTag || before.endsWith('\u{1f3f4}'))
}

const nameOf = (code: number): HiddenCharacter => {
  const number = code.toString(16).toUpperCase().padStart(4, '0')
  const [label, name] = names[code] ?? [
    number,
    code < 0xa0 ? 'control character' : 'hidden character',
  ]
  return { label, name: `U+${number} ${name}` }
}

/**
 * Cuts a text at its hidden characters: zero-width ones, those that turn the direction of writing, controls. The pieces
 * between them are to be shown each by itself, in the order in which they stand. Linear.
 */
export const splitHidden = (text: string): readonly ShownPiece[] => {
  const pieces: ShownPiece[] = []
  let done = 0
  let tagEnd = -1
  for (const match of text.matchAll(hidden)) {
    const code = match[0].codePointAt(0) ?? 0
    const at = match.index
    if (belongs(code, text.slice(Math.max(0, at - 4), at), tagEnd === at)) {
      if (code >= 0xe0020) tagEnd = at + match[0].length
      continue
    }
    if (at > done) pieces.push(text.slice(done, at))
    pieces.push(nameOf(code))
    done = at + match[0].length
  }
  if (done < text.length) pieces.push(text.slice(done))
  return pieces
}

/** How many hidden characters a text has. */
export const countHidden = (text: string): number =>
  splitHidden(text).filter(piece => typeof piece !== 'string').length
