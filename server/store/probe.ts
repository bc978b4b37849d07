import type { Content } from '../mime/content.ts'
import { readDay } from '../mime/date.ts'
import type { Extract } from '../mime/extract/extract.ts'
import { isFollowed } from '../mime/extract/link.ts'
import { collapse, fold } from '../mime/fold.ts'
import type { Header } from '../mime/header.ts'
import type { Entry } from './message.ts'
import { compile, type Pattern, type PatternSource } from './pattern.ts'
import type { Texts } from './texts.ts'

/**
 * A question about one message that is not answered from the index on the main thread: it needs the message's search
 * text, its content or its header, or would take too long.
 */
export type Probe =
  | WordProbe
  | { readonly kind: 'text' | 'html' | 'fileName'; readonly source: PatternSource }
  | { readonly kind: 'extract'; readonly what: 'links' | 'codes' }
  | { readonly kind: 'header'; readonly name: string; readonly source: PatternSource }
  /** A header field of that name holds what is wanted, or is there at all (`''`). */
  | { readonly kind: 'field'; readonly name: string; readonly wanted: string }
  /** The bodies hold what is wanted, or with `withHeaders` all headers: see {@link holdsText}. */
  | { readonly kind: 'body'; readonly wanted: string; readonly withHeaders: boolean }
  /** The date of the Date field, whatever its time and zone, as the beginning of that day in UTC. */
  | { readonly kind: 'sent'; readonly from: number; readonly upto: number }
  | {
      readonly kind: 'values'
      readonly source: PatternSource
      readonly values: (entry: Entry) => readonly string[]
    }

/** What is wanted is folded, white space runs are one space: here and above. */
export type WordProbe = { readonly kind: 'word'; readonly wanted: string }

/** As it goes to another thread, where `values` come beside it. */
export type SentProbe = Exclude<Probe, { kind: 'values' }> | ValuesProbe
type ValuesProbe = { readonly kind: 'values'; readonly source: PatternSource }

/** What probes look at. Content and extract are null where the parser gave up. */
export type Probed = {
  readonly content: () => Promise<Content | null>
  readonly extract: () => Promise<Extract | null>
  readonly header: () => Header
  readonly holds: (wanted: string, where: { readonly withHeaders: boolean }) => Promise<boolean>
  readonly values: Texts
}

/** Whether a probe needs what the parser makes of a message. */
export const readsContent = ({ kind }: Probe): boolean => CONTENT.has(kind)

const CONTENT: ReadonlySet<Probe['kind']> = new Set(['word', 'text', 'html', 'fileName', 'extract'])

/** The answer to a probe. A message that the parser gave up has neither text nor HTML nor file names. */
export const answer = async (probe: SentProbe, probed: Probed): Promise<boolean> => {
  switch (probe.kind) {
    case 'word': {
      const content = await probed.content()
      if (!content) return false
      if (content.searchText.includes(probe.wanted)) return true
      return content.searchTextCut && collapse(fold(content.plainText)).includes(probe.wanted)
    }
    case 'text':
      return patternOf(probe.source)((await probed.content())?.plainText ?? '')
    case 'html':
      return patternOf(probe.source)((await probed.content())?.html ?? '')
    case 'fileName': {
      const content = await probed.content()
      return content?.attachments.some(({ name }) => patternOf(probe.source)(name)) ?? false
    }
    case 'extract': {
      const extract = await probed.extract()
      if (probe.what === 'links') return extract?.links.some(isFollowed) ?? false
      return extract !== null && extract.codes.length > 0
    }
    case 'header':
      return probed
        .header()
        .all(probe.name)
        .some(({ value }) => patternOf(probe.source)(value))
    case 'field':
      return probed
        .header()
        .all(probe.name)
        .some(({ value }) => collapse(fold(value)).includes(probe.wanted))
    case 'body':
      return probed.holds(probe.wanted, probe)
    case 'sent': {
      const day = readDay(probed.header().first('date')?.text ?? '')
      return day !== null && day >= probe.from && day <= probe.upto
    }
    case 'values':
      return patternOf(probe.source).some(probed.values)
  }
}

/** The patterns of the last searches: one is asked of message after message. */
const patterns = new Map<string, Pattern>()
const remembered = 100

/** The pattern that a probe asks with. */
export const patternOf = (source: PatternSource): Pattern => {
  const key = `${source.mode} ${source.value}`
  let compiled = patterns.get(key)
  if (!compiled) {
    compiled = compile(source)
    if (patterns.size >= remembered) patterns.clear()
    patterns.set(key, compiled)
  }
  return compiled
}
