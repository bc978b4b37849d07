import { randomFrom } from '../../helpers/random.ts'
import { playTest } from './one-test.ts'
import { type Library, played, tell } from './told.ts'

/** `worker.ts LIBRARY URL NAME TESTS SEED`: a worker of a test runner, which runs its tests one after the other. */
const [library = '', url = '', name = '', tests = '0', seed = '0'] = process.argv.slice(2)

const loaded = (await import(library)) as Library
const client = await loaded.connect(url)
const random = randomFrom(Number(seed))
let slowest = 0
const waited = (milliseconds: number): void => {
  slowest = Math.max(slowest, milliseconds)
}
for (let at = 1; at <= Number(tests); at++) {
  await played(at, () => playTest(`${name}-${at}`, { client, library: loaded, random, waited }))
}
tell({ slowest })
