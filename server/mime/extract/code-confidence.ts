import type { Confidence } from './code.ts'
import type { Shape } from './code-shapes.ts'
import { type CodeText, isText, type Label, labelsIn, type Surroundings } from './code-text.ts'
import { languages } from './languages.ts'
import { countWords, wordFinder } from './words.ts'

/** What the rest of the mail tells; each found out when it is wanted. */
export type MailHints = {
  /** It speaks of a code somewhere, or its subject of signing in. */
  readonly isAboutCodes: () => boolean
  /** Its subject speaks of something off a price. */
  readonly isAboutPrices: () => boolean
  /** The values that its links hand over as a code. */
  readonly linked: () => ReadonlySet<string>
}

/** Characters between a code and its name: before it, after it, and at most where a number is called something else. */
const REACH = { before: 80, after: 40, other: 16 } as const

const findEnter = wordFinder({ enter: languages.map(({ enter }) => enter) })
const findCopula = wordFinder({ copula: languages.map(({ copula }) => copula) })
const findUnit = wordFinder({ unit: languages.map(({ unit }) => unit) })

/** What makes a shape a code. */
type Naming = {
  readonly confidence: Confidence
  /** Only by a word that many things are called. */
  readonly isBare: boolean
}

/** `other`: it is called something else. */
type Verdict = Naming | 'other' | null

/** How sure it is that a shape is a one-time code; null where it is none, or nothing makes it one. */
export function confidenceOf(shape: Shape, text: CodeText, mail: MailHints): Confidence | null {
  if (isCounted(shape, text)) return null
  const around = text.surroundings(shape)
  const isAlone = !isText(around.before.replace(BULLET, '')) && !isText(around.after)
  const verdict =
    namedBefore(shape, text) ??
    namedAfter(shape, text) ??
    columnName(shape, around) ??
    (isAlone ? namedAround(shape, around) : asked(shape, text, around, mail))
  if (verdict === 'other') return null
  if (verdict?.isBare && (mail.isAboutPrices() || isAboutPrices(around))) return null
  const isLinked = mail.linked().has(shape.value)
  if (verdict) return isLinked ? 'high' : verdict.confidence
  if (shape.kind !== 'digits' || shape.isDoubtful) return null
  if (isLinked) return 'medium'
  return isAlone && mail.isAboutCodes() ? 'low' : null
}

/** “Your code is 482913”, “order 5512”: the nearest name holds. */
function namedBefore(shape: Shape, text: CodeText): Verdict {
  for (const label of text.labelsBefore(shape.start, REACH.before)) {
    const gap = text.text.slice(label.end, shape.start)
    if (gap.includes('\n')) return null
    if (isOther(label)) {
      if (isTight(gap, text.text.slice(label.start, label.end))) return 'other'
    } else if (isName(label) && !isSpent(gap)) {
      return isPlain(shape) || introduces(gap, shape, text) ? naming(label, shape, gap) : null
    }
  }
  return null
}

/** “482913 is your code”. */
function namedAfter(shape: Shape, text: CodeText): Verdict {
  if (shape.kind === 'letters') return null
  for (const label of text.labelsAfter(shape.end, REACH.after)) {
    const gap = text.text.slice(shape.end, label.start)
    if (gap.includes('\n')) return null
    const copula = findCopula(gap)[0]?.start
    if (isOther(label)) {
      if (isTight(gap) && (copula ?? gap.length) <= 1) return 'other'
    } else if (isName(label) && !/\d/.test(gap) && !hasOwnNumber(label, text)) {
      return isPlain(shape) || (copula ?? 2) <= 1 ? naming(label, shape, gap) : null
    }
  }
  return null
}

/** Alone in a cell: what the same cell of the row above calls it. */
function columnName(shape: Shape, { before, after, above }: Surroundings): Verdict {
  const left = before.split('\t')
  const right = after.split('\t')
  const heads = above[0]?.split('\t') ?? []
  const isCell = left.length + right.length > 2 && !isText(`${left.at(-1)}${right[0]}`)
  if (!isCell || heads.length !== left.length + right.length - 1) return null
  const label = labelsIn(heads[left.length - 1] as string).find(
    each => isName(each) || isOther(each),
  )
  if (!label) return null
  return isOther(label)
    ? 'other'
    : { confidence: isWord(shape) ? 'medium' : 'high', isBare: label.kind === 'bare' }
}

/** On a line of its own: what the lines above and below call it. */
function namedAround(shape: Shape, { above, below }: Surroundings): Verdict {
  const [over = ''] = above
  const last = labelsIn(over).findLast(label => isName(label) || isOther(label))
  if (last) {
    const tail = over.slice(last.end)
    if (isOther(last) && isTight(tail) && over.length <= SHORT) return 'other'
    if (isName(last) && !isSpent(tail) && (isPlain(shape) || leadsTo(tail, shape))) {
      return { confidence: isWord(shape) ? 'medium' : 'high', isBare: last.kind === 'bare' }
    }
  }
  const [under = ''] = below
  const first = labelsIn(under).find(label => isName(label) || isOther(label))
  if (first && isOther(first) && under.length <= SHORT && first.start <= 1) return 'other'
  if (shape.isDoubtful || !/^[A-Z\d-]*\d[A-Z\d-]*$/.test(shape.value)) return null
  if (first && isName(first) && !/\d{4}/.test(under)) {
    return { confidence: isPlain(shape) ? 'high' : 'medium', isBare: first.kind === 'bare' }
  }
  for (const line of [...above.slice(0, 3), ...below.slice(0, 2)]) {
    const name = labelsIn(line).find(isName)
    if (name && !/\d{4}/.test(line.slice(name.end))) {
      return { confidence: 'medium', isBare: name.kind === 'bare' }
    }
  }
  return null
}

/** “Enter 482913 to sign in”: it is not called a code, but what is done with it tells. */
function asked(shape: Shape, text: CodeText, around: Surroundings, mail: MailHints): Verdict {
  if (shape.isDoubtful || !/^[A-Z\d-]*\d[A-Z\d-]*$/.test(shape.value)) return null
  const before = around.before.slice(-REACH.after)
  const verb = findEnter(before).at(-1)
  const isAsked =
    (verb !== undefined && !isText(before.slice(verb.end))) ||
    (findEnter(around.after.slice(0, REACH.other))[0]?.start ?? REACH.other) <= 3
  if (!isAsked) return null
  const isAccess = [
    ...text.labelsBefore(shape.start, REACH.before),
    ...text.labelsAfter(shape.end, REACH.before),
  ].some(({ kind }) => kind === 'access')
  if (isAccess) return { confidence: isPlain(shape) ? 'high' : 'medium', isBare: true }
  return isPlain(shape) && mail.isAboutCodes() ? { confidence: 'medium', isBare: true } : null
}

/** What stands before the items of a list. */
const BULLET = /^\s*(?:\d{1,2}[.)]|[-*•]|[a-z]\))\s+$/

/** A line that is a name, and no sentence. */
const SHORT = 60

function isName({ kind }: Label): boolean {
  return kind === 'code' || kind === 'bare'
}

function isOther({ kind }: Label): boolean {
  return kind === 'other' || kind === 'coupon'
}

/** Digits that look like nothing but a code: where such stand near its name, it is theirs. */
function isPlain({ kind, isDoubtful }: Shape): boolean {
  return kind === 'digits' && !isDoubtful
}

function isWord({ kind, value }: Shape): boolean {
  return kind === 'letters' && !value.includes('-')
}

function naming(label: Label, shape: Shape, gap: string): Naming {
  const isFar = endsSentence(gap)
  return { confidence: isFar || isWord(shape) ? 'medium' : 'high', isBare: label.kind === 'bare' }
}

/** Nothing but “is” and the like is between a name and what is called so. */
function introduces(gap: string, shape: Shape, text: CodeText): boolean {
  if (!isCopula(gap)) return false
  if (shape.kind !== 'letters') return true
  // A word in capitals is a code where nothing follows it, and it does not just go on the sentence.
  if (/^([A-Z]+)-[A-Z]+$/.exec(shape.value)?.[1]?.length === shape.value.length / 2 - 0.5)
    return true
  const rest = text.text.slice(shape.end, shape.end + 20)
  return /^[^\p{L}\p{N}\n]*(?:\n|$)/u.test(rest) && (!isWord(shape) || gap.trim() !== '')
}

/** The same for a line above. */
function leadsTo(tail: string, shape: Shape): boolean {
  if (isWord(shape)) return /[:：]\s*$/.test(tail)
  return shape.kind !== 'digits' || isCopula(tail) || /[:：]\s*$/.test(tail)
}

function isCopula(gap: string): boolean {
  let rest = ''
  let at = 0
  for (const { start, end } of findCopula(gap)) {
    rest += gap.slice(at, start)
    at = end
  }
  return !isText(rest + gap.slice(at))
}

/** Between another name and its number there is next to nothing, and nothing at all after `#`. */
function isTight(gap: string, name = ''): boolean {
  if (name === '#') return gap === ''
  return gap.length <= REACH.other && !/\d/.test(gap) && !endsSentence(gap) && countWords(gap) <= 1
}

/** The name is another number's: one stands between, and more than a comma or an “and” after that. */
function isSpent(gap: string): boolean {
  const number = /^.*\d{3}/s.exec(gap)
  return number !== null && (gap.slice(number[0].length).match(/\p{L}{4}/gu)?.length ?? 0) > 0
}

/** “… 4829, your code is 112233”: the name is that of the number after it. */
function hasOwnNumber(label: Label, { text }: CodeText): boolean {
  const [, gap] = /^([^\d\n]{0,24})\d{3}/.exec(text.slice(label.end, label.end + 30)) ?? []
  return gap !== undefined && isCopula(gap)
}

function endsSentence(gap: string): boolean {
  return /[!?](?=\s)|[。！？]|\.(?=\s+[\p{Lu}\d"“(]|\s*$)/u.test(gap)
}

function isCounted({ kind, end }: Shape, { text }: CodeText): boolean {
  return kind === 'digits' && (findUnit(text.slice(end, end + 24))[0]?.start ?? 24) <= 1
}

function isAboutPrices({ before, after, above, below }: Surroundings): boolean {
  return [before, after, ...above.slice(0, 2), ...below.slice(0, 2)].some(
    line => /\d ?%/.test(line) || labelsIn(line).some(({ kind }) => kind === 'coupon'),
  )
}
