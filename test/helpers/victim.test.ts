import assert from 'node:assert/strict'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { after, describe, it } from 'node:test'
import { descriptorsOf, memoryOf, noProcessFigures } from './process-figures.ts'
import { getText } from './round-trip.ts'
import { startVictim, type Victim } from './victim.ts'
import { Wire } from './wire.ts'

const HARM = new URL('./harm-on-request.js', import.meta.url).href

describe('a victim', { skip: noProcessFigures }, () => {
  const ends: (() => Promise<void>)[] = []
  after(async () => {
    for (const end of ends) await end()
  })
  let victim: Victim

  it('survives what harms nobody', async () => {
    victim = await startVictim({ after: end => void ends.push(end) }, [], undefined, [HARM])
    await victim.survives(async () => {
      const wire = await Wire.open(victim.ports.smtp)
      await wire.reply()
      wire.destroy()
    })
  })

  it('does not survive where a message is lost', async () => {
    await assert.rejects(
      victim.survives(async () => {
        const list = await getText(victim, 'v1/messages?limit=1')
        const { messages } = JSON.parse(list) as { messages: readonly { id: number }[] }
        const url = `${victim.url}v1/messages/${messages[0]?.id}`
        await once(request(url, { method: 'DELETE', agent: false }).end(), 'close')
      }),
      /messages are lost/,
    )
  })

  it('is measured as it is', () => {
    const before = { memory: memoryOf(process.pid), descriptors: descriptorsOf(process.pid) }
    const taken = Buffer.alloc(64 * 1024 ** 2, 1)
    const file = openSync(import.meta.filename, 'r')
    assert.ok(memoryOf(process.pid) - before.memory > 0.9 * taken.length)
    assert.equal(descriptorsOf(process.pid), before.descriptors + 1)
    closeSync(file)
  })

  const harm = (name: string) =>
    once(request(`${victim.url}harm/${name}`, { agent: false }).end(), 'close')

  it('does not survive where descriptors, files, or memory stay', async () => {
    const sockets: Socket[] = []
    await assert.rejects(
      victim.survives(async () => {
        for (let count = 0; count < 3; count++) {
          sockets.push(connect(victim.ports.imap ?? 0, '127.0.0.1'))
        }
        for (const name of ['files', 'memory']) await harm(name)
      }),
      ({ message }: Error) => {
        // Some of the store's may have been open before, or not.
        assert.match(message, /\b[234] descriptors are left open/)
        assert.match(message, /\b(?:[789]|1\d) files are left open/)
        assert.match(message, /\b\d+ MB more are held than before/)
        // With half of it alone there would be no fault.
        assert.match(message, /\b(?:9\d|1\d\d) MB more are in use than before/)
        return true
      },
    )
    for (const socket of sockets) socket.destroy()
  })

  it('does not survive where something was not handled', async () => {
    await assert.rejects(
      victim.survives(async () => void (await harm('unhandled'))),
      /error: unexpected: Error: planted/,
    )
  })

  it('does not survive where a message takes longer than a second, five times', async () => {
    await assert.rejects(
      victim.survives(async () => void (await harm('slowness'))),
      /a message took \d{4,}(?:,\d{4,}){4} ms/,
    )
  })

  it('does not survive where it has ended', async () => {
    await assert.rejects(
      victim.survives(async () => {
        process.kill(victim.pid, 'SIGKILL')
        const wire = await Wire.open(victim.ports.smtp).catch(() => null)
        await wire?.over()
      }),
    )
  })
})
