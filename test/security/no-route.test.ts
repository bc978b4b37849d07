import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../helpers/program.ts'

/** A namespace with a network of its own that has loopback and nothing else. */
const enter = ['-rn', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh']
const noNamespace =
  spawnSync('unshare', [...enter, 'true']).status === 0 ? false : 'no network namespace here'

const inside = async (program: string): Promise<Record<string, unknown>> => {
  const path = fileURLToPath(new URL(`no-route/${program}`, import.meta.url))
  const args = [...enter, process.execPath, '--import', import.meta.resolve('tsx'), path]
  // What is proved here is that it does not even try: without the hook, which would keep it from trying.
  const env = { NODE_OPTIONS: '' }
  const { stdout } = await run('unshare', args, { env, timeout: 150_000 })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>
}

describe('in a network without a route', { skip: noNamespace }, () => {
  it('each way to go out is seen', async () => {
    assert.deepEqual(await inside('control.ts'), { attempts: 6, missed: [] })
  })

  it('everything works, and nothing tries to go out', async t => {
    const { withoutRoute, datagrams, ...done } = await inside('day.ts')
    t.diagnostic(JSON.stringify(done))
    assert.deepEqual({ withoutRoute, datagrams }, { withoutRoute: 0, datagrams: 0 })
  })
})
