import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { Spool } from '../../server/commands/spool.ts'

async function collect(spool: Spool): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of spool.octets()) chunks.push(chunk)
  return Buffer.concat(chunks)
}

for (const [name, size] of [
  ['nothing', 0],
  ['a small message', 5_000],
  ['a message that goes into a file', 3_500_000],
] as const) {
  test(`${name}: its octets as often as they are asked for`, async () => {
    const octets = randomBytes(size)
    const spool = new Spool(size)
    const left = readdirSync(tmpdir()).filter(file => file.startsWith('mailcatch-'))
    for (let at = 0; at < size; at += 70_000) await spool.write(octets.subarray(at, at + 70_000))
    assert.equal(spool.size, size)
    assert.equal(spool.isOverLimit, false)
    assert.equal(spool.digest(), createHash('sha256').update(octets).digest('hex'))
    // Whoever wants to know the header only stops early.
    for await (const _ of spool.octets()) break
    assert.deepEqual(await collect(spool), octets)
    assert.deepEqual(await collect(spool), octets)
    const now = readdirSync(tmpdir()).filter(file => /^mailcatch-[0-9a-f]{24}$/.test(file))
    assert.deepEqual(
      now.filter(file => !left.includes(file)),
      [],
      'its file has no name',
    )
    await spool.close()
  })
}

test('over the limit it counts and keeps nothing', async () => {
  const spool = new Spool(2_000_000)
  for (let piece = 0; piece < 50; piece++) await spool.write(Buffer.alloc(100_000))
  assert.equal(spool.size, 5_000_000)
  assert.equal(spool.isOverLimit, true)
  await spool.close()
})
