import { languages } from './languages.ts'
import type { LinkKind } from './link.ts'
import { targetOf } from './target.ts'
import { type UrlWords, urlWords } from './url-words.ts'
import { wordFinder } from './words.ts'

/** A link as it was found. */
export type FoundLink = {
  readonly href: string
  readonly text: string
  readonly part: string
  /** The words before it, which tell where its own say nothing. */
  readonly before: () => string
  readonly isButton: boolean
  /** No link of HTML, but an address in a text: its text is not its own. */
  readonly isWritten: boolean
}

const findWords = wordFinder({
  unsubscribe: languages.map(({ unsubscribe }) => unsubscribe),
  action: languages.map(({ action }) => action),
  denial: languages.map(({ denial }) => denial),
  aside: languages.map(({ aside }) => aside),
  step: languages.map(({ step }) => step),
  vague: languages.map(({ vague }) => vague),
})

type Words = ReadonlySet<ReturnType<typeof findWords>[number]['kind']>

/** What speaks for a link as what the mail is for. */
const POINTS = {
  words: 4,
  wordsAlone: 2,
  url: 2,
  token: 1,
  button: 2,
  step: 2,
  aside: -6,
  denial: -8,
  home: -2,
} as const

/** With fewer points no link is the action of its mail. */
const ENOUGH = 2
/** Links this much behind the best are actions as well: which is meant is not guessed. */
const MARGIN = 1
/** Where more targets are alike than that, none is what the mail is for: a newsletter with its articles. */
const MOST = 3

/**
 * The kind of each link of a mail. `unsubscribe` has the addresses of its List-Unsubscribe field (RFC 2369 §3.2). Links to the
 * same target are of one kind, and what speaks for one speaks for all.
 */
export function linkKinds(
  links: readonly FoundLink[],
  unsubscribe: ReadonlySet<string>,
): readonly LinkKind[] {
  const kinds: LinkKind[] = []
  const targets = new Map<string, Evidence>()
  const targetsOf: string[] = []
  for (const link of links) {
    const url = urlWords(link.href)
    const words = kindsIn(link.text)
    const kind = kindOf(link, url, words, unsubscribe)
    kinds.push(kind)
    if (kind !== 'link') {
      targetsOf.push('')
      continue
    }
    const target = targetOf(link.href)
    const others = targets.get(target)
    const evidence = evidenceOf(link, url, words)
    targets.set(target, others ? together(others, evidence) : evidence)
    targetsOf.push(target)
  }
  const actions = mainTargets(targets)
  return kinds.map((kind, index) => (actions.has(targetsOf[index] as string) ? 'action' : kind))
}

const NO_WORDS: Words = new Set()

/** What was found out of a link. */
type Evidence = {
  readonly isAction: boolean
  readonly isStep: boolean
  readonly isAside: boolean
  readonly isDenial: boolean
  readonly isButton: boolean
  readonly url: UrlWords
}

function kindOf(
  { href }: FoundLink,
  url: UrlWords,
  words: Words,
  unsubscribe: ReadonlySet<string>,
): LinkKind {
  const scheme = SCHEME.exec(href)?.[1]?.toLowerCase()
  if (scheme === undefined) return 'other'
  if (scheme === 'tel' || scheme === 'sms' || scheme === 'callto') return 'tel'
  const isMail = scheme === 'mailto'
  if (!isMail && (NOT_FOLLOWED.has(scheme) || /[{}\s]/.test(href))) return 'other'
  if (unsubscribe.has(href) || url.isUnsubscribe || words.has('unsubscribe')) return 'unsubscribe'
  return isMail ? 'mailto' : 'link'
}

const SCHEME = /^([a-z][a-z\d+.-]{0,30}):[^\s]/i
/** What no mail program opens, or what is shown in place. */
const NOT_FOLLOWED: ReadonlySet<string> = new Set([
  'about',
  'blob',
  'cid',
  'data',
  'file',
  'javascript',
  'mid',
  'urn',
  'vbscript',
  'view-source',
])

function evidenceOf(link: FoundLink, url: UrlWords, words: Words): Evidence {
  const isSilent = !words.has('action') && !words.has('step') && !words.has('aside')
  const isVague = words.has('vague') || link.text === '' || link.text.includes('://')
  const isTold = isSilent ? isVague : words.has('action')
  const before = isTold ? kindsIn(link.before()) : NO_WORDS
  const told = isSilent ? before : words
  return {
    isAction: told.has('action'),
    isStep: told.has('step'),
    isAside: words.has('aside'),
    isDenial: before.has('denial') || (words.has('denial') && !link.isWritten),
    isButton: link.isButton,
    url,
  }
}

/** The best of both: a link that is vague, or small print, in one place may be plain in another. */
function together(a: Evidence, b: Evidence): Evidence {
  return {
    isAction: a.isAction || b.isAction,
    isStep: a.isStep || b.isStep,
    isAside: a.isAside && b.isAside,
    isDenial: a.isDenial && b.isDenial,
    isButton: a.isButton || b.isButton,
    url: a.url,
  }
}

function pointsOf({ isAction, isStep, isAside, isDenial, isButton, url }: Evidence): number {
  let points = 0
  // “Log in” stands at the foot of newsletters as well.
  if (url.isLogin && !isButton) return 0
  if (isAction)
    points += isButton || url.hasToken || url.isAction ? POINTS.words : POINTS.wordsAlone
  else if (isAside) points += POINTS.aside
  else if (isStep) points += POINTS.step
  if (isDenial) points += POINTS.denial
  if (url.isAction) points += POINTS.url
  if (url.hasToken) points += POINTS.token
  if (isButton) points += POINTS.button
  if (url.isHome && !isAction && !isButton) points += POINTS.home
  return points
}

function mainTargets(targets: ReadonlyMap<string, Evidence>): ReadonlySet<string> {
  const points = [...targets].map(([target, evidence]) => ({ target, points: pointsOf(evidence) }))
  const most = Math.max(0, ...points.map(each => each.points))
  if (most < ENOUGH) return new Set()
  const best = points.filter(each => each.points >= Math.max(most - MARGIN, ENOUGH))
  return best.length > MOST ? new Set() : new Set(best.map(({ target }) => target))
}

function kindsIn(text: string): Words {
  const found = text === '' ? [] : findWords(text)
  return found.length === 0 ? NO_WORDS : new Set(found.map(({ kind }) => kind))
}
