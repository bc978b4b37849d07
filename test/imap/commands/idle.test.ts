import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askImap, openImap, startImap } from '../../helpers/imap.ts'

test('what happens is told as it happens (RFC 2177, RFC 9051 §6.3.13)', async t => {
  const imap = await startImap(t)
  await imap.deliver('one', 'two', 'three')
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  wire.write('A002 IDLE\r\n')
  assert.equal(await wire.line(), '+ idling')
  await imap.deliver('four')
  assert.equal(await wire.line(), '* 4 EXISTS')
  assert.equal(await wire.line(), '* 4 RECENT')
  await imap.store.update([1], { flagged: true })
  assert.equal(await wire.line(), '* 1 FETCH (UID 1 FLAGS (\\Flagged \\Recent))')
  await imap.store.remove([2])
  assert.equal(await wire.line(), '* 2 EXPUNGE')
  assert.equal(await wire.line(), '* 3 RECENT')
  wire.write('done\r\n')
  assert.equal(await wire.line(), 'A002 OK IDLE completed')
  assert.deepEqual(await askImap(wire, 'NOOP'), ['OK NOOP completed'])
  wire.destroy()
})

test('a burst is told together', async t => {
  const imap = await startImap(t)
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  wire.write('a IDLE\r\n')
  await wire.line()
  await imap.deliver(...Array.from({ length: 500 }, (_, at) => `mail ${at}`))
  let lines = 0
  for (let last: string | null = ''; last !== '* 500 EXISTS'; last = await wire.line()) lines++
  assert.ok(lines < 250, `${lines} lines for 500 messages`)
  wire.destroy()
})

test('within 50 ms, to every client at once', async t => {
  const imap = await startImap(t)
  const wires = await Promise.all(Array.from({ length: 50 }, () => openImap(imap.port)))
  for (const wire of wires) {
    await askImap(wire, 'EXAMINE INBOX')
    wire.write('a IDLE\r\n')
    await wire.line()
  }
  const delays: number[] = []
  for (let round = 1; round <= 10; round++) {
    await imap.deliver('mail')
    const since = performance.now()
    await Promise.all(
      wires.map(async wire => {
        assert.equal(await wire.line(), `* ${round} EXISTS`)
        delays.push(performance.now() - since)
        assert.match((await wire.line()) ?? '', / RECENT$/)
      }),
    )
  }
  delays.sort((a, b) => a - b)
  const p99 = delays[Math.floor(delays.length * 0.99)] ?? 0
  t.diagnostic(`p50 ${delays[250]?.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
  assert.ok(p99 < 150, `p99 ${p99} ms`)
  for (const wire of wires) wire.destroy()
})

test('what happened before is told first, and without a mailbox there is nothing to tell', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a IDLE
     S: + idling
     C: DONE
     S: a OK IDLE completed`)
  const wire = await openImap(imap.port)
  await askImap(wire, 'SELECT INBOX')
  await imap.deliver('one')
  wire.write('b IDLE\r\n')
  assert.equal(await wire.line(), '+ idling')
  assert.equal(await wire.line(), '* 1 EXISTS')
  wire.destroy()
})

test('anything but DONE is BAD (RFC 9051 §6.3.13)', async t => {
  const imap = await startImap(t)
  await imap.play(`C: a SELECT INBOX
     C: b IDLE
     C: c NOOP
     C: d NOOP
     S: * FLAGS …
     S: * OK …
     S: * 0 EXISTS
     S: * 0 RECENT
     S: * OK …
     S: * OK …
     S: * OK …
     S: * OK …
     S: a OK …
     S: + idling
     S: b BAD expected DONE
     S: d OK …`)
})

test('who leaves within IDLE is forgotten', async t => {
  const imap = await startImap(t)
  for (const leave of ['reset', 'end', 'destroy'] as const) {
    const wire = await openImap(imap.port, 'ann@example.com')
    await askImap(wire, 'SELECT INBOX')
    wire.write('a IDLE\r\n')
    await wire.line()
    wire[leave]()
    await imap.deliver('mail')
  }
  await imap.close()
})
