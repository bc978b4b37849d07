import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Kind, playHistories } from '../crash/histories.ts'
import { chosenSeed } from '../helpers/random.ts'

// security.md §3.2 "power loss"; a seed that failed comes first where MAILCATCH_SEED names it.
const plays: readonly (readonly [title: string, kind: Kind, count: number])[] = [
  ['with --fsync a power loss takes nothing that was acknowledged', 'power loss', 200],
  ['without it a killed process takes nothing that was acknowledged', 'kill', 120],
  ['without it the store opens and works after a power loss', 'careless', 60],
]

for (const [title, kind, count] of plays) {
  test(`${title}: ${count} histories`, async t => {
    const seed = chosenSeed()
    const { wrong, acknowledged, crashes } = await playHistories(kind, { seed, count })
    t.diagnostic(`seed ${seed}: ${acknowledged} acknowledged, ${crashes} crashes`)
    assert.deepEqual(wrong, [])
    assert.ok(acknowledged > count * 5 || kind === 'careless', 'too little to tell anything')
  })
}
