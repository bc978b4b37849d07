import type { Content } from '../mime/content.ts'
import { answer, type Probe, patternOf } from './probe.ts'
import { Texts } from './texts.ts'

/** Characters of text and HTML, and instructions times characters, that may be looked through on this thread: about a ms. */
const limits = { length: 200_000, cost: 50_000 }

const none = new Texts([])

/**
 * The answers to probes that the content of one message gives, when it has just been parsed: who waits for it need not wait
 * for another thread to read it again. Undefined where one of them needs more, or would take long.
 */
export const answerQuickly = async (
  probes: readonly Probe[],
  content: Content,
): Promise<readonly boolean[] | undefined> => {
  const length = content.plainText.length + content.searchText.length + (content.html?.length ?? 0)
  const isQuick = (probe: Probe): boolean =>
    probe.kind === 'word' ||
    ((probe.kind === 'text' || probe.kind === 'html' || probe.kind === 'fileName') &&
      length * patternOf(probe.source).cost <= limits.cost)
  if (length * probes.length > limits.length || !probes.every(isQuick)) return undefined
  const no = (): never => {
    throw new Error('a probe asked for more than content')
  }
  const probed = { content: async () => content, extract: no, header: no, holds: no, values: none }
  return Promise.all(probes.map(probe => (probe.kind === 'values' ? false : answer(probe, probed))))
}
