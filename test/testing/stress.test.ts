import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playStress } from '../bench/stress/play.ts'
import { chosenSeed } from '../helpers/random.ts'

test('tests side by side on one server do not disturb each other', async t => {
  const seed = chosenSeed()
  t.diagnostic(`MAILCATCH_SEED=${seed}`)
  const stressed = await playStress({ processes: 4, tests: 10, seed, limit: 60_000 })
  assert.deepEqual(stressed.flakes, [])
  assert.equal(stressed.passed, 40)
  assert.ok(stressed.rounds > 0, 'somebody listed and deleted meanwhile')
  assert.ok(stressed.arrived >= 320)
})
