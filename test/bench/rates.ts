import { setTimeout } from 'node:timers/promises'
import type { MessageList } from '../../server/http/resources.ts'
import type { Mix } from './mails.ts'
import { inFolder, load, type Running, startBare, startMailcatch } from './processes.ts'

const runs = 3

const median = (values: number[]): number =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

/** Resolves when the newest of `count` messages is parsed. */
const parsed = async ({ url }: Running, count: number): Promise<void> => {
  for (;;) {
    const response = await fetch(new URL('v1/messages?limit=1', url))
    const { messages, total } = (await response.json()) as MessageList
    if (total === count && messages[0]?.parsed) return
    await setTimeout(5)
  }
}

/**
 * Messages a second, acknowledged and parsed, as ratios to a smtp-server that keeps nothing: the same load, in turn,
 * the median of the runs. Each server is warmed up with as much before.
 */
export async function* rates(): AsyncGenerator<string[]> {
  yield ['load', 'bare/s', 'acknowledged/s', 'ratio', 'parsed/s', 'ratio']
  yield ['---', '--:', '--:', '--:', '--:', '--:']
  for (const [connections, mix, count] of [
    [1, 'small', 8_000],
    [20, 'small', 16_000],
    [1, 'mixed', 3_000],
    [20, 'mixed', 6_000],
  ] as [number, Mix, number][]) {
    const bare: number[] = []
    const acknowledged: number[] = []
    const listed: number[] = []
    for (let run = 0; run < runs; run++) {
      const baseline = await startBare()
      await load(baseline.smtp, connections, count, mix)
      bare.push(count / (await load(baseline.smtp, connections, count, mix)))
      await baseline.stop()
      await inFolder(async data => {
        const mailcatch = await startMailcatch(data)
        await load(mailcatch.smtp, connections, count, mix)
        await parsed(mailcatch, count)
        const start = performance.now()
        const seconds = await load(mailcatch.smtp, connections, count, mix)
        const loadEnd = performance.now()
        await parsed(mailcatch, 2 * count)
        acknowledged.push(count / seconds)
        // The load process takes time to start and to end: count from its first message.
        const behind = (performance.now() - loadEnd) / 1_000
        listed.push(count / (seconds + behind))
        if (start > loadEnd) throw new Error('the clock went backwards')
        await mailcatch.stop()
      })
    }
    const [a, b, c] = [median(bare), median(acknowledged), median(listed)]
    yield [
      `${connections} connection${connections > 1 ? 's' : ''}, ${mix}`,
      a.toFixed(0),
      b.toFixed(0),
      (b / a).toFixed(2),
      c.toFixed(0),
      (c / a).toFixed(2),
    ]
  }
}
