import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { playKills } from './crash/kill-loop.ts'
import { chosenSeed } from './helpers/random.ts'

// security.md §3.2 "kill -9 loop".

describe('kill -9 in the midst of a load loses nothing that was acknowledged', {
  concurrency: true,
}, () => {
  for (const [title, kind, kills] of [
    ['by SMTP and HTTP, to the command', 'command', 8],
    ['of arrivals and of what mail clients do', 'child', 12],
  ] as const) {
    test(`${title}: ${kills} kills`, async t => {
      const seed = chosenSeed()
      const options = { seed, kills, kind, patience: 400, least: 40 }
      const { wrong, acknowledged, slowest } = await playKills(options)
      t.diagnostic(`seed ${seed}: ${acknowledged} acknowledged, opened in ${Math.ceil(slowest)} ms`)
      assert.deepEqual(wrong.slice(0, 10), [], `MAILCATCH_SEED=${seed}`)
      assert.ok(acknowledged > 4 * kills, 'the load was too small to tell anything')
    })
  }
})
