import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { run } from '../helpers/program.ts'
import {
  ALONE,
  commandsWithout,
  configurationsWith,
  flagsWithout,
  stagesAt,
} from './no-route/configurations.ts'

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

describe('what is run in a network without a route', () => {
  it('has each option, and each command', () => {
    const files = { home: '/', certificate: '/server.pem', settings: '/settings.json' }
    assert.deepEqual(flagsWithout(configurationsWith(files)), [])
    assert.deepEqual(commandsWithout([...stagesAt('http://127.0.0.1/', '/'), ALONE]), [])
  })

  it('is seen to lack one', () => {
    const flags = flagsWithout([{ args: ['--auth=ann:secret', '--open'] }])
    assert.ok(flags.includes('--smtp-auth') && flags.includes('--no-delete'))
    assert.ok(!flags.includes('--auth') && !flags.includes('--open'))
    assert.ok(commandsWithout([ALONE]).includes('sendmail'))
  })
})

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
