import { setTimeout } from 'node:timers/promises'
import { MailStore } from '../../server/store/mail-store.ts'
import { usualStore } from '../helpers/store.ts'
import { fill } from './fill.ts'
import { percentile } from './latency.ts'
import { inFolder } from './processes.ts'

const count = 100_000

/** What changing 100 000 stored messages costs, in this process: until it is durable, and how long the event loop is held. */
export async function* changes(): AsyncGenerator<string[]> {
  const directory = await inFolder(async path => {
    await fill(path, count)
    return path
  })
  yield [`${count} stored`, 'ms', 'event loop held at most, ms']
  yield ['---', '--:', '--:']
  let store!: MailStore
  yield await timed('start', async () => {
    store = await MailStore.open({
      ...usualStore,
      directory,
      maxMessages: 2 * count,
      maxBytes: 1024 ** 4,
      log: line => console.error(line),
    })
  })
  const { mailboxes } = store
  const { inbox } = mailboxes.open('')
  const all = inbox.entries.numbers()
  // Past the flush of what the start changed.
  await setTimeout(3_000)

  for (const [what, ids] of [
    ['one', [777]],
    ['a hundred', all.slice(500, 600)],
  ] as const) {
    const times: number[] = []
    for (let round = 0; round < 200; round++) {
      const start = performance.now()
      await mailboxes.setFlags(inbox, ids, { [round % 2 ? 'remove' : 'add']: ['\\Flagged'] })
      times.push(performance.now() - start)
    }
    const p = (part: number) => percentile(times, part).toFixed(2)
    yield [`flags of ${what} durable: p50, p95, p99`, `${p(0.5)}, ${p(0.95)}, ${p(0.99)}`, '']
  }
  yield await timed('flags of all durable', () =>
    mailboxes.setFlags(inbox, all, { add: ['\\Seen'] }),
  )
  yield await timed('the index written in the background', () => setTimeout(6_000), false)
  const archive = await mailboxes.create(mailboxes.open(''), 'Everything')
  yield await timed('copy of all durable', () => mailboxes.copy(inbox, all, archive))
  yield await timed('the index written in the background', () => setTimeout(6_000), false)
  yield ['RSS with 200 000 entries, MB', (process.memoryUsage.rss() / 1e6).toFixed(0), '']
  yield await timed('expunge of the copies durable', () =>
    mailboxes.expunge(archive, archive.entries.numbers()),
  )
  yield await timed('delete of all durable', () => store.remove(all))
  yield await timed('their files removed, and the end', () => store.close())
}

/** How long it takes, and the longest time that it holds the event loop. */
const timed = async (what: string, work: () => Promise<unknown>, isTimed = true) => {
  let last = performance.now()
  let longest = 0
  const look = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const clock = setInterval(look, 1)
  await setTimeout(20)
  longest = 0
  const start = performance.now()
  await work()
  const ms = performance.now() - start
  await setTimeout(5)
  look()
  clearInterval(clock)
  return [what, isTimed ? ms.toFixed(0) : '', longest.toFixed(0)]
}
