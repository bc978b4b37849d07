import { setTimeout } from 'node:timers/promises'
import type { MessageList } from '../../server/http/resources.ts'
import { percentile } from './latency.ts'
import { inFolder, load, startMailcatch } from './processes.ts'

const requests = 300

/** What a store of some size costs: start, memory, a list page anywhere, and one more arrival. */
export async function* stored(): AsyncGenerator<string[]> {
  yield [
    'stored',
    'start ms',
    'RSS MB (30 s idle)',
    'list p50 ms',
    'list p95 ms',
    'search p95 ms',
    'acknowledged/s',
  ]
  yield ['---', '--:', '--:', '--:', '--:', '--:', '--:']
  for (const count of [0, 1_000, 10_000]) {
    yield await inFolder(async data => {
      const filling = await startMailcatch(data)
      if (count > 0) await load(filling.smtp, 20, count, 'small')
      for (;;) {
        const response = await fetch(new URL('v1/messages?limit=1', filling.url))
        const { messages } = (await response.json()) as MessageList
        if (messages.every(message => message.parsed)) break
        await setTimeout(50)
      }
      await filling.stop()

      const mailcatch = await startMailcatch(data)
      await setTimeout(30_000)
      const rss = mailcatch.rss()
      const time = async (query: string): Promise<number> => {
        const start = performance.now()
        const response = await fetch(new URL(`v1/messages?${query}`, mailcatch.url))
        await response.arrayBuffer()
        return performance.now() - start
      }
      for (let index = 0; index < 50; index++) await time('limit=100')
      const pages: number[] = []
      const searches: number[] = []
      for (let index = 0; index < requests; index++) {
        const offset = Math.floor((index * 7919) % Math.max(1, count))
        pages.push(await time(`limit=100&offset=${offset}`))
        if (index % 10 === 0) searches.push(await time(`limit=100&q=shipped+-nothing${index}`))
      }
      const more = 500
      await load(mailcatch.smtp, 1, more, 'small')
      const seconds = await load(mailcatch.smtp, 1, more, 'small')
      await mailcatch.stop()
      return [
        `${count}`,
        mailcatch.startup.toFixed(0),
        (rss / 1e6).toFixed(0),
        percentile(pages, 0.5).toFixed(1),
        percentile(pages, 0.95).toFixed(1),
        percentile(searches, 0.95).toFixed(1),
        (more / seconds).toFixed(0),
      ]
    })
  }
}
