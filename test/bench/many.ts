import { setTimeout } from 'node:timers/promises'
import type { MessageList } from '../../server/http/resources.ts'
import { fill } from './fill.ts'
import { percentile } from './latency.ts'
import { inFolder, type Running, startMailcatch } from './processes.ts'

const count = 100_000
const rounds = 7
const pages = 200

type Timed = { readonly ms: number; readonly list: MessageList }

const ask = async ({ url }: Running, query: Record<string, string>): Promise<Timed> => {
  const start = performance.now()
  const response = await fetch(new URL(`v1/messages?${new URLSearchParams(query)}`, url))
  const list = (await response.json()) as Timed['list']
  const ms = performance.now() - start
  if (response.status !== 200) throw new Error(`${response.status}: ${JSON.stringify(list)}`)
  return { ms, list }
}

const ms = (times: readonly number[], part: number): string =>
  percentile([...times], part).toFixed(1)
const mb = (octets: number): string => (octets / 1e6).toFixed(0)

/** Each is asked for in another form each time, so that no answer is remembered. */
const searches: readonly [name: string, query: (round: number) => string][] = [
  ['a rare word', round => `wombat larger:${round}`],
  ['a common word', round => `order larger:${round}`],
  ['a common word and not another', round => `order -nothing${round}`],
  ['a phrase', round => `"blue parcel" larger:${round}`],
  ['a sender', round => `from:ann${round}0@shop.example`],
  ['a word of no message', round => `nothing${round}`],
  [
    'eight operators',
    round => `from:ann${round} ${'(cc:x OR to:y OR subject:z) '.repeat(2)}is:unread`,
  ],
  ['a regular expression over subjects', round => `subject:/er 1?${round}77\\d+7/`],
  ['a hostile regular expression', round => `subject:/(\\w?){${500 + round}}(\\w|\\d)*\\w{200}!/i`],
]

/** What 100 000 stored messages cost: start, memory, list pages, searches. */
export async function* many(): AsyncGenerator<string[]> {
  const data = await inFolder(async path => {
    await fill(path, count)
    return path
  })
  yield* measure(data)
}

/** The same for a data directory that is there. */
export async function* measure(data: string): AsyncGenerator<string[]> {
  yield [`${count} stored`, 'p50', 'p95', 'found']
  yield ['---', '--:', '--:', '--:']
  const starts: number[] = []
  for (let round = 0; round < 2; round++) {
    const mailcatch = await startMailcatch(data)
    starts.push(mailcatch.startup)
    await mailcatch.stop()
  }
  const mailcatch = await startMailcatch(data)
  try {
    starts.push(mailcatch.startup)
    yield ['start, ms', ms(starts, 0.5), ms(starts, 0.95), '']
    yield ['RSS after the start, MB', mb(mailcatch.rss()), '', '']

    const times: number[] = []
    for (let index = 0; index < 20 + pages; index++) {
      const offset = String((index * 7919) % count)
      const { ms } = await ask(mailcatch, { limit: '100', offset, upto: String(count) })
      if (index >= 20) times.push(ms)
    }
    yield ['list page of 100 at any offset, ms', ms(times, 0.5), ms(times, 0.95), `${count}`]

    for (const [name, query] of searches) {
      const first: number[] = []
      const whole: number[] = []
      const others: number[] = []
      let found = 0
      let isSearching = true
      const other = (async () => {
        while (isSearching) {
          others.push((await ask(mailcatch, { limit: '1' })).ms)
          await setTimeout(5)
        }
      })()
      for (let round = 0; round < rounds; round++) {
        const asked = { limit: '100', q: query(round) }
        const start = performance.now()
        let { ms, list } = await ask(mailcatch, asked)
        first.push(ms)
        while (list.partial) ({ list } = await ask(mailcatch, asked))
        whole.push(performance.now() - start)
        found = list.total
      }
      isSearching = false
      await other
      yield [`${name}: first page, ms`, ms(first, 0.5), ms(first, 0.95), '']
      yield [`${name}: complete, ms`, ms(whole, 0.5), ms(whole, 0.95), `${found}`]
      yield ['another request meanwhile, ms', ms(others, 0.5), ms(others, 0.95), '']
    }
    yield ['RSS after the searches, MB', mb(mailcatch.rss()), '', '']
  } finally {
    await mailcatch.stop()
  }
}
