import type { Content } from '../mime/content.ts'
import type { Header } from '../mime/header.ts'
import type { Entry } from './message.ts'
import { compile, fold, type Pattern, type PatternSource } from './pattern.ts'

/**
 * A question about one message that is not answered from the index on the main thread: it needs the message's search
 * text, its content or its header, or would take too long.
 */
export type Probe =
  | { readonly kind: 'word' /** Folded, white space runs as one space. */; readonly wanted: string }
  | { readonly kind: 'text' | 'html' | 'fileName'; readonly source: PatternSource }
  | { readonly kind: 'header'; readonly name: string; readonly source: PatternSource }
  | {
      readonly kind: 'values'
      readonly source: PatternSource
      readonly values: (entry: Entry) => readonly string[]
    }

/** As it goes to another thread, where `values` come beside it. */
export type SentProbe = Exclude<Probe, { kind: 'values' }> | ValuesProbe
type ValuesProbe = { readonly kind: 'values'; readonly source: PatternSource }

/** What probes look at. Content is null where the parser gave up. */
export type Probed = {
  readonly content: () => Promise<Content | null>
  readonly header: () => Header
  readonly values: readonly string[]
}

/** White space runs as one space, as in search texts. */
export const collapse = (text: string): string => text.replace(/\s+/g, ' ')

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
      return pattern(probe.source)((await probed.content())?.plainText ?? '')
    case 'html':
      return pattern(probe.source)((await probed.content())?.html ?? '')
    case 'fileName': {
      const content = await probed.content()
      return content?.attachments.some(({ name }) => pattern(probe.source)(name)) ?? false
    }
    case 'header':
      return probed
        .header()
        .all(probe.name)
        .some(({ value }) => pattern(probe.source)(value))
    case 'values':
      return probed.values.some(value => pattern(probe.source)(value))
  }
}

/** The patterns of the last searches: one is asked of message after message. */
const patterns = new Map<string, Pattern>()
const remembered = 100

const pattern = (source: PatternSource): Pattern => {
  const key = `${source.mode} ${source.value}`
  let compiled = patterns.get(key)
  if (!compiled) {
    compiled = compile(source)
    if (patterns.size >= remembered) patterns.clear()
    patterns.set(key, compiled)
  }
  return compiled
}
