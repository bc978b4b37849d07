import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import type { Frame } from '../../server/http/resources.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { small } from './mails.ts'
import { inFolder, startMailcatch } from './processes.ts'

const perSecond = 50
const count = 500

export const percentile = (values: number[], part: number): number =>
  values.sort((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(values.length * part))
  ] as number

/** Milliseconds from writing the final dot to the WebSocket frame that tells of the message, at 50 messages a second. */
export async function* latency(): AsyncGenerator<string[]> {
  yield ['final dot to', 'p50 ms', 'p99 ms']
  yield ['---', '--:', '--:']
  const [acknowledged, shown] = await inFolder(async data => {
    const mailcatch = await startMailcatch(data)
    const socket = new WebSocket(new URL('v1/events', mailcatch.url.replace(/^http/, 'ws')))
    const arrivals = new Map<number, number>()
    let isWarm = () => {}
    socket.on('message', bytes => {
      const now = performance.now()
      const frame = JSON.parse(String(bytes)) as Frame
      isWarm()
      if (!('changes' in frame)) return
      for (const change of frame.changes) {
        if (change.type === 'message.added') arrivals.set(change.message.id, now)
      }
    })
    await new Promise<void>(resolve => {
      isWarm = resolve
    })
    const sender = await Sender.open(mailcatch.smtp)
    const dots = new Map<number, { dot: number; reply: number }>()
    for (let index = 0; index < count + perSecond; index++) {
      let dot = 0
      const reply = await sender.send(
        dataOf(small(index)),
        'a@example.com',
        'b@example.org',
        () => {
          dot = performance.now()
        },
      )
      const id = Number(/queued as (\d+)/.exec(reply)?.[1])
      // The first second warms up both sides.
      if (index >= perSecond) dots.set(id, { dot, reply: performance.now() })
      await setTimeout(1_000 / perSecond - (performance.now() - dot))
    }
    sender.close()
    socket.close()
    await mailcatch.stop()
    return [
      [...dots.values()].map(({ dot, reply }) => reply - dot),
      [...dots].map(([id, { dot }]) => (arrivals.get(id) ?? Number.POSITIVE_INFINITY) - dot),
    ]
  })
  for (const [name, values] of [
    ['250', acknowledged],
    ['WebSocket frame', shown],
  ] as [string, number[]][]) {
    yield [name, percentile(values, 0.5).toFixed(1), percentile(values, 0.99).toFixed(1)]
  }
}
