import assert from 'node:assert/strict'
import { test } from 'node:test'
import { noProcessFigures } from '../../helpers/process-figures.ts'
import { chosenSeed } from '../../helpers/random.ts'
import { playSoak } from './play.ts'

test('a short soak: everybody gets what they ask for, and leaves nothing open', {
  skip: noProcessFigures,
}, async () => {
  const seed = chosenSeed()
  const { samples, idle, faults } = await playSoak({ duration: 4_000, interval: 1_000, seed })
  assert.deepEqual(faults, [], `MAILCATCH_SEED=${seed}`)
  assert.ok(idle.after <= idle.before, `${idle.before} descriptors before, ${idle.after} after`)
  const { done, rss, heap, held } = samples.at(-1) ?? assert.fail('no sample')
  for (const what of ['mails', 'events heard', 'lists', 'POP3 sessions', 'tests']) {
    assert.ok((done[what] ?? 0) > 0, `no ${what}: ${JSON.stringify(done)}`)
  }
  assert.ok(rss > heap && heap > 0 && held.longest >= held.median)
})
