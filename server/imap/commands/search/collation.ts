/**
 * The key of a text under i;unicode-casemap (RFC 5256 §7): texts are the same to SORT and THREAD where their keys are, and
 * come in the order that `<` gives their keys. A key is the text with each character in title case, then decomposed
 * with all compatibility forms.
 */
export function collationKey(text: string): string {
  if (ASCII.test(text)) return text.toUpperCase()
  const titled = Array.from(text, titleCase).join('').normalize('NFKD')
  return HIGH.test(titled) ? inOrderOfCharacters(titled) : titled
}

const ASCII = /^[\0-\x7f]*$/
const HIGH = /[\ud800-\uffff]/

/** The one character that Unicode has for the title case of this one, itself where there is none. */
function titleCase(character: string): string {
  const special = TITLE_CASE.get(character)
  if (special !== undefined) return special
  const upper = character.toUpperCase()
  return upper.length === character.length && !GEORGIAN.test(character) ? upper : character
}

/** Upper case, but not title case, is another alphabet. */
const GEORGIAN = /[\u10d0-\u10ff]/

/** Where title case is no upper case of one character. */
const TITLE_CASE: ReadonlyMap<string, string> = new Map([
  ...[
    '\u01c4\u01c5\u01c6',
    '\u01c7\u01c8\u01c9',
    '\u01ca\u01cb\u01cc',
    '\u01f1\u01f2\u01f3',
  ].flatMap(([upper = '', title = '', lower = '']) =>
    [upper, title, lower].map(each => [each, title] as const),
  ),
  // Greek with iota below: capitals lie eight higher, in these three places nine or twelve.
  ...['\u1f80', '\u1f90', '\u1fa0'].flatMap(first =>
    Array.from({ length: 8 }, (_, index) => shifted(first.charCodeAt(0) + index, 8)),
  ),
  ...[0x1fb3, 0x1fc3, 0x1ff3].map(unit => shifted(unit, 9)),
])

function shifted(unit: number, by: number): readonly [string, string] {
  return [String.fromCharCode(unit), String.fromCharCode(unit + by)]
}

/** `<` compares units of UTF-16, of which surrogates come before U+E000: here they come last, as their characters do. */
function inOrderOfCharacters(text: string): string {
  return text.replace(/[\ud800-\uffff]/g, unit => {
    const code = unit.charCodeAt(0)
    return String.fromCharCode(code < 0xe000 ? code + 0x2000 : code - 0x800)
  })
}
