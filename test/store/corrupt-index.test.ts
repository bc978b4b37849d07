import assert from 'node:assert/strict'
import { test } from 'node:test'
import { playCorruption } from '../crash/corruption.ts'
import { chosenSeed } from '../helpers/random.ts'

// security.md §3.2 "corrupt index"; design.md §4, contract 3.

test('whatever becomes of a lowdb file, the store starts and has lost nothing', async t => {
  const seed = chosenSeed()
  const { damages, files, wrong } = await playCorruption({ seed, cuts: 3, flips: 3 })
  t.diagnostic(`seed ${seed}: ${damages} damages of ${files} files`)
  assert.deepEqual(wrong, [], `MAILCATCH_SEED=${seed}`)
  assert.ok(files > 10, 'too few files to tell anything')
})
