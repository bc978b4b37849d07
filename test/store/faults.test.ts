import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { MailStore } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { everyFault, type FaultOptions, mostFaults, playFaults } from '../crash/faults.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { dataOf, Sender } from '../helpers/sender.ts'
import { startSmtp } from '../helpers/smtp.ts'
import { usualStore } from '../helpers/store.ts'

// security.md §3.2 "fault at call k".

describe('call k fails, for every k', () => {
  for (const [title, options] of [
    ['each once, with --fsync', { fsync: true, lasts: false, faults: mostFaults }],
    [
      'each and all after it, without --fsync',
      { fsync: false, lasts: true, faults: () => ['EIO'] },
    ],
  ] satisfies [string, FaultOptions][]) {
    test(`${title}: refused or done, and the next one works`, async t => {
      const { runs, calls, wrong } = await playFaults(options)
      t.diagnostic(`${calls} calls, ${runs} runs`)
      assert.deepEqual(wrong, [])
      assert.ok(calls > 100, 'the script is too short to tell anything')
    })
  }
})

describe('a client is told of a fault, and what it asks for next works', () => {
  const start = async (t: Parameters<typeof startHttp>[0]) => {
    const faults = failingFs(memoryFs())
    const store = await MailStore.open({
      ...usualStore,
      fs: faults.fs,
      maxMessages: 100_000,
      fsync: true,
    })
    const http = await startHttp(t, { store })
    const { port } = await startSmtp(t, { store })
    return { faults, store, http, port }
  }

  type Started = Awaited<ReturnType<typeof start>>
  /** Asks for one thing; resolves with the beginning of the reply. A full disk may be no fault: what deletes has a reserve. */
  type Ask = (started: Started) => Promise<string>

  const smtp =
    (octets: number): Ask =>
    async ({ port }) => {
      const sender = await Sender.open(port)
      const raw = Buffer.from(`Subject: x\r\n\r\n${`${'x'.repeat(98)}\r\n`.repeat(octets / 100)}`)
      try {
        return await sender.send(dataOf(raw), 'a@example.com', 'b@example.org')
      } catch (error) {
        const [, reply] = /^wanted 250, got (.*)$/.exec((error as Error).message) ?? []
        if (!reply) throw error
        // The connection goes on.
        await sender.send(dataOf(raw), 'a@example.com', 'b@example.org').catch(() => {})
        return reply
      } finally {
        sender.close()
      }
    }

  const request = async (asked: ReturnType<Started['http']['ask']>): Promise<string> => {
    const { status, headers, text } = await asked
    if (status < 400) return `${status}`
    assert.equal(headers['content-type'], 'application/problem+json')
    assert.doesNotMatch(text, /mailcatch-memory|\.jsonl|\.eml/, 'where a file lies is told')
    return `${status}`
  }

  const asks: readonly (readonly [name: string, ask: Ask, full: RegExp, io: RegExp])[] = [
    ['SMTP, small', smtp(1_000), /^452 4\.3\.1 /, /^451 4\.3\.0 /],
    ['SMTP, streamed', smtp(300_000), /^452 4\.3\.1 /, /^451 4\.3\.0 /],
    [
      'POST',
      ({ http }) =>
        request(
          http.ask('/v1/messages', {
            method: 'POST',
            headers: { 'content-type': 'message/rfc822' },
            body: mail('imported'),
          }),
        ),
      /^507/,
      /^500/,
    ],
    [
      'PATCH',
      async ({ store, http }) =>
        request(
          http.send('PATCH', `/v1/messages/${store.cursor}`, {
            unread: store.entry(store.cursor)?.flags.includes('\\Seen') ?? false,
          }),
        ),
      /^507/,
      /^500/,
    ],
    [
      'DELETE',
      async ({ store, http }) =>
        request(http.send('DELETE', `/v1/messages/${(await store.match({}))[0]}`)),
      /^507/,
      /^500/,
    ],
  ]

  for (const [name, ask, full, io] of asks) {
    test(name, async t => {
      const started = await start(t)
      const { faults, store } = started
      for (let count = 0; count < 200; count++) await put(store, mail(`mail ${count}`))
      let told = 0
      for (let k = 1, isReached = true; isReached; k++) {
        isReached = false
        for (const fault of everyFault) {
          faults.failCall(k, fault)
          const reply = await ask(started)
          if (faults.calls >= k) isReached = true
          const hasFailed = faults.failures > 0
          faults.reset()
          if (!hasFailed || /^2/.test(reply)) {
            assert.match(reply, /^2/)
            continue
          }
          told++
          const isFull = fault === 'ENOSPC' || fault === 'short write'
          assert.match(reply, isFull ? full : io, `call ${k}, ${fault}`)
          assert.match(await ask(started), /^2/, `after call ${k}, ${fault}`)
        }
        assert.ok(k < 200, 'it never comes to its end')
      }
      assert.ok(told >= 5, `told of ${told} faults`)
      for (const id of await store.match({})) {
        const raw = await store.rawBytes(id)
        assert.ok(raw?.subarray(-2).equals(Buffer.from('\r\n')), `${id} is half a message`)
      }
    })
  }
})
