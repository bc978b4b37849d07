import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { mountSmall, playDiskFull, unmountable } from '../crash/disk-full.ts'
import { makeHome } from '../helpers/cli.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'

// security.md §3.2 "real disk full".

test('a disk that is full is told, read from, and used again when there is room', async t => {
  const reason = unmountable()
  if (reason) return t.skip(reason)
  const home = makeHome()
  const folder = join(home.path, 'small')
  mkdirSync(folder)
  const mounted = mountSmall(folder)
  t.after(() => {
    mounted.remove()
    home.remove()
  })
  const seed = chosenSeed()
  const played = await playDiskFull(randomFrom(seed), 3, { home: home.path, data: folder })
  t.diagnostic(`seed ${seed}: ${played.accepted} accepted, ${played.refused} refused`)
  assert.deepEqual(played.wrong, [])
})
