import assert from 'node:assert/strict'
import { createHash, randomInt } from 'node:crypto'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { MessageList, MessageSummary } from '../server/http/resources.ts'
import { Cli, makeHome } from './helpers/cli.ts'
import { dataOf, Sender } from './helpers/sender.ts'

const kills = 20
const connections = 10

/** What was acknowledged of one message. `open` is a change that was asked for and not answered before the kill. */
type Record = {
  readonly sha256: string
  unread: boolean
  flagged: boolean
  isDeleted: boolean
  open: 'none' | 'unread' | 'flagged' | 'delete'
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const mail = (serial: number): Buffer => {
  const size = serial % 40 === 0 ? 400_000 : randomInt(200, 20_000)
  const line = `${'.'.repeat(serial % 3)}${serial} ${'x'.repeat(70)}\r\n`
  return Buffer.from(
    `From: app@example.com\r\nTo: ann@example.org\r\nSubject: mail ${serial}\r\n\r\n` +
      line.repeat(Math.ceil(size / line.length)),
  )
}

const api = async (url: string, path: string, init?: RequestInit): Promise<Response> => {
  const response = await fetch(new URL(path, url), init)
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return response
}

const list = async (url: string): Promise<MessageSummary[]> => {
  const messages: MessageSummary[] = []
  let before = ''
  for (;;) {
    const page = (await (await api(url, `v1/messages?limit=1000${before}`)).json()) as MessageList
    messages.push(...page.messages)
    const last = page.messages.at(-1)
    if (!last || page.messages.length < 1_000) return messages
    before = `&before=${last.id}`
  }
}

test(`kill -9 in the middle of a load, ${kills} times over, loses nothing that was acknowledged`, async t => {
  const home = makeHome()
  after(() => home.remove())
  const ledger = new Map<number, Record>()
  let serial = 0
  let deleted = 0
  let changed = 0

  for (let round = 1; round <= kills + 1; round++) {
    const cli = new Cli(
      [
        ...['--json', '--quiet', '--max-messages', '1000000'],
        ...['--smtp-port', '0', '--pop3-port', '0', '--http-port', '0'],
      ],
      { home: home.path },
    )
    const { url, ports } = await cli.ready()
    // The newest are those that the kill was near to; in the end all of them are read.
    await check(url, ledger, round > kills ? Number.POSITIVE_INFINITY : 300)
    if (round > kills) {
      assert.deepEqual(await cli.end(), { code: 0, signal: null })
      break
    }

    let isOver = false
    const senders = await Promise.all(
      Array.from({ length: connections }, () => Sender.open(ports.smtp)),
    )
    const sending = senders.map(async sender => {
      while (!isOver) {
        const raw = mail(++serial)
        const reply = await sender.send(dataOf(raw), 'app@example.com', 'ann@example.org')
        const id = Number(/queued as (\d+)/.exec(reply)?.[1])
        assert.ok(id > 0, reply)
        assert.ok(!ledger.has(id), `number ${id} came twice`)
        ledger.set(id, {
          sha256: sha256(raw),
          unread: true,
          flagged: false,
          isDeleted: false,
          open: 'none',
        })
      }
    })
    const changing = [1, 2].map(async () => {
      while (!isOver) {
        const ids = [...ledger.keys()]
        const id = ids[randomInt(Math.max(1, ids.length))]
        const record = id === undefined ? undefined : ledger.get(id)
        if (!record || record.isDeleted || record.open !== 'none') {
          await setTimeout(1)
          continue
        }
        const kind = (['unread', 'flagged', 'delete'] as const)[randomInt(3)] ?? 'unread'
        record.open = kind
        if (kind === 'delete') {
          await api(url, `v1/messages/${id}`, { method: 'DELETE' })
          record.isDeleted = true
          deleted++
        } else {
          const value = !record[kind]
          await api(url, `v1/messages/${id}`, {
            method: 'PATCH',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ [kind]: value }),
          })
          record[kind] = value
          changed++
        }
        record.open = 'none'
      }
    })
    const load = Promise.allSettled([...sending, ...changing])
    await setTimeout(randomInt(50, 800))
    cli.child.kill('SIGKILL')
    isOver = true
    for (const result of await load) {
      // What the kill cut off is expected; a failed assertion is not.
      if (result.status === 'rejected' && result.reason instanceof assert.AssertionError) {
        throw result.reason
      }
    }
    for (const sender of senders) sender.destroy()
    await cli.exited
  }
  assert.ok(ledger.size > kills * connections, 'the load was too small to tell anything')
  assert.ok(deleted > kills && changed > kills, 'too few changes to tell anything')
  t.diagnostic(`${ledger.size} acknowledged, ${deleted} deleted, ${changed} changed`)
})

const check = async (url: string, ledger: Map<number, Record>, read: number): Promise<void> => {
  const listed = await list(url)
  const all = listed.map(({ id }) => id)
  assert.deepEqual(
    all,
    [...new Set(all)].sort((a, b) => b - a),
    'each message is listed once, in the order of the ids',
  )
  const found = new Map(listed.map(message => [message.id, message]))
  for (const [id, record] of ledger) {
    const message = found.get(id)
    if (record.isDeleted) {
      assert.equal(message, undefined, `${id} was deleted and is back`)
      continue
    }
    if (!message) {
      assert.equal(record.open, 'delete', `${id} was acknowledged and is lost`)
      record.isDeleted = true
      continue
    }
    for (const kind of ['unread', 'flagged'] as const) {
      if (record.open !== kind) assert.equal(message[kind], record[kind], `${kind} of ${id}`)
      record[kind] = message[kind]
    }
    record.open = 'none'
  }
  // Of what was not acknowledged, some was stored all the same: whole, and never under a number of the ledger.
  const ids = listed.slice(0, read).map(({ id }) => id)
  while (ids.length > 0) {
    await Promise.all(ids.splice(0, 20).map(id => checkRaw(url, id, ledger.get(id))))
  }
}

const checkRaw = async (url: string, id: number, record: Record | undefined): Promise<void> => {
  const raw = Buffer.from(await (await api(url, `v1/messages/${id}/raw`)).arrayBuffer())
  if (record) assert.equal(sha256(raw), record.sha256, `${id} was altered`)
  else assert.ok(raw.subarray(-2).equals(Buffer.from('\r\n')), `${id} is half a message`)
}
