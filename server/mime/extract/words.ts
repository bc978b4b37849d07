import { phrasesOf } from './language.ts'

/** A phrase of a list, where it stands. */
export type Found<K extends string> = {
  readonly kind: K
  readonly start: number
  readonly end: number
}

/** Finds the phrases of several lists in a text, leftmost and longest, in order and without overlaps. Linear. */
export type WordFinder<K extends string> = (text: string) => readonly Found<K>[]

/**
 * A finder of words and phrases, whatever their case and accents. Languages that write words apart are compared word by
 * word; in Chinese, Japanese and Korean a phrase may begin and end anywhere. A phrase that is in several lists is of the
 * first; one that is written out beats `*code` and `verif*`.
 */
export function wordFinder<K extends string>(
  lists: Readonly<Record<K, readonly string[]>>,
): WordFinder<K> {
  const phrases: Phrases<K> = new Map()
  const affixes: Affix<K>[] = []
  const dense: DensePhrases<K> = new Map()
  for (const [kind, texts] of Object.entries(lists) as [K, readonly string[]][]) {
    for (const phrase of texts.flatMap(phrasesOf)) {
      if (phrase.includes('*')) affixes.push(affix(phrase, kind))
      else if (DENSE.test(phrase)) addDense(dense, phrase, kind)
      else addPhrase(phrases, phrase, kind)
    }
  }

  return text => {
    const found: Found<K>[] = []
    const lower = lowerCase(text)
    for (let at = nextWord(text, 0); at < text.length; at = nextWord(text, at)) {
      const start = at
      at = wordEnd(text, start)
      if (CLASSES[text.charCodeAt(start)] === DENSE_WORD) {
        findDense(text, start, at, dense, found)
        continue
      }
      const word = foldedWord(lower, start, at)
      const node = phrases.get(word)
      const match = node && longest(node, lower, at)
      const kind = match?.kind ?? affixes.find(({ fits }) => fits(word))?.kind
      if (!kind) continue
      at = match?.end ?? at
      found.push({ kind, start, end: at })
    }
    return found
  }
}

/** How many words a text has; a run of Chinese, Japanese or Korean is one. */
export function countWords(text: string): number {
  let count = 0
  for (let at = nextWord(text, 0); at < text.length; at = nextWord(text, wordEnd(text, at))) count++
  return count
}

/** Phrases by their first word: the kind of the one that ends there, and those that go on, by their next. */
type Phrases<K> = Map<string, PhraseNode<K>>
type PhraseNode<K> = { kind: K | undefined; readonly more: Phrases<K> }

function addPhrase<K>(phrases: Phrases<K>, phrase: string, kind: K): void {
  const words: string[] = []
  for (let at = nextWord(phrase, 0); at < phrase.length; at = nextWord(phrase, at)) {
    const end = wordEnd(phrase, at)
    words.push(foldedWord(lowerCase(phrase), at, end))
    at = end
  }
  let level = phrases
  words.forEach((word, index) => {
    const node = level.get(word) ?? { kind: undefined, more: new Map() }
    level.set(word, node)
    if (index === words.length - 1) node.kind ??= kind
    level = node.more
  })
}

/** The longest phrase of which the first word ends at a place. */
function longest<K>(
  first: PhraseNode<K>,
  lower: string,
  from: number,
): { readonly kind: K; readonly end: number } | undefined {
  let end = from
  let best = first.kind === undefined ? undefined : { kind: first.kind, end }
  for (let node = first; node.more.size > 0; ) {
    const start = nextWord(lower, end)
    if (start >= lower.length || !isJoint(lower, end, start)) break
    end = wordEnd(lower, start)
    const next = node.more.get(foldedWord(lower, start, end))
    if (!next) break
    if (next.kind !== undefined) best = { kind: next.kind, end }
    node = next
  }
  return best
}

/** Where the next word begins; the length of the text where there is none. */
function nextWord(text: string, from: number): number {
  let at = from
  while (at < text.length && CLASSES[text.charCodeAt(at)] === NO_WORD) at++
  return at
}

/** The signs `#`, `№` and `〒` are words of their own. */
function wordEnd(text: string, start: number): number {
  const kind = CLASSES[text.charCodeAt(start)]
  let at = start + 1
  while (at < text.length && CLASSES[text.charCodeAt(at)] === kind && kind !== SIGN) at++
  return at
}

/** A word without accents, which is all that is left of case as well; nobody's is longer than that. */
function foldedWord(lower: string, start: number, end: number): string {
  return fold(lower.slice(start, Math.min(end, start + LONGEST)))
}

const LONGEST = 60

/** Of the same length. */
function lowerCase(text: string): string {
  const lower = text.toLowerCase()
  // The one letter that two come of.
  return lower.length === text.length ? lower : text.replaceAll('İ', 'i').toLowerCase()
}

/** Whether two words are of one phrase: white space, a hyphen or an apostrophe is between them, and no full stop. */
function isJoint(text: string, from: number, to: number): boolean {
  if (to - from > 3) return false
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at)
    if (!isBlank(unit) && !JOINTS.has(unit)) return false
  }
  return true
}

const JOINTS: ReadonlySet<number> = new Set(
  [..."-'’_/\u00ad\u2010\u2011"].map(sign => sign.charCodeAt(0)),
)

function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 0x0a || unit === 0xa0 || unit === 0x202f
}

const NO_WORD = 0
const PLAIN_WORD = 1
/** Kana, Han and Hangul: written without spaces, or with endings. */
const DENSE_WORD = 2
const SIGN = 3

/** What each UTF-16 unit is: asked for each one of a text. */
const CLASSES = classes()

function classes(): Uint8Array {
  const table = new Uint8Array(0x10000)
  for (let unit = 0; unit < 0x2000; unit++) {
    if (/[\p{L}\p{M}\p{N}°]/u.test(String.fromCharCode(unit))) table[unit] = PLAIN_WORD
  }
  table.fill(DENSE_WORD, 0x3005, 0x3006)
  table.fill(DENSE_WORD, 0x3031, 0xa000)
  table.fill(DENSE_WORD, 0xac00, 0xd7a4)
  table[0x30fb] = NO_WORD
  // Full-width digits and letters, half-width kana.
  for (const [from, to] of [
    [0xff10, 0xff1a],
    [0xff21, 0xff3b],
    [0xff41, 0xff5b],
    [0xff66, 0xffa0],
  ] as const) {
    table.fill(PLAIN_WORD, from, to)
  }
  for (const sign of '#№〒') table[sign.charCodeAt(0)] = SIGN
  return table
}

const DENSE = /[\u3005\u3031-\u30fa\u30fc-\u9fff\uac00-\ud7a3]/

function fold(word: string): string {
  if (/^[\0-~]*$/.test(word)) return word
  return word.normalize('NFD').replace(/[\u0300-\u036fıłø]/g, letter => STROKED[letter] ?? '')
}

/** Letters that Unicode does not take apart. */
const STROKED: Readonly<Record<string, string>> = { ı: 'i', ł: 'l', ø: 'o' }

/** Of a language without spaces, by the first character that is its own; `QRコード` has something before it. */
type DensePhrases<K> = Map<
  string,
  { readonly phrase: string; readonly before: number; readonly kind: K }[]
>

function addDense<K>(dense: DensePhrases<K>, phrase: string, kind: K): void {
  const before = phrase.search(DENSE)
  const first = phrase[before] as string
  const others = dense.get(first) ?? []
  others.push({ phrase: phrase.toLowerCase(), before, kind })
  dense.set(
    first,
    others.sort((a, b) => b.phrase.length - a.phrase.length),
  )
}

function findDense<K extends string>(
  text: string,
  from: number,
  to: number,
  dense: DensePhrases<K>,
  found: Found<K>[],
): void {
  for (let at = from; at < to; at++) {
    for (const { phrase, before, kind } of dense.get(text[at] as string) ?? []) {
      const start = at - before
      const end = start + phrase.length
      if (start < 0 || text.slice(start, end).toLowerCase() !== phrase) continue
      found.push({ kind, start, end })
      at = end - 1
      break
    }
  }
}

/** What longer words end with, or words begin with. */
type Affix<K> = { readonly kind: K; readonly fits: (word: string) => boolean }

function affix<K>(phrase: string, kind: K): Affix<K> {
  const text = fold(phrase.replace('*', ''))
  if (text.length < 3 || /\s/.test(text)) throw new Error(`not an affix: ${phrase}`)
  const fits = phrase.startsWith('*')
    ? (word: string) => word.length > text.length && word.endsWith(text)
    : (word: string) => word.startsWith(text)
  return { kind, fits }
}
