import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

/** Runs a script that has `govern()`, which says `closed` when it is asked to close, in a process of its own. */
function run(script: string) {
  const source = `
    import { abortOnSignal, governLifetime } from '${new URL('../server/lifetime.ts', import.meta.url).href}'
    const log = { info() {}, warn() {}, error: line => console.log('error: ' + line) }
    const govern = (close = async () => console.log('closed')) => governLifetime(close, log)
    const alive = setInterval(() => {}, 1000)
    ${script}`
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source]
  const { status, signal, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, signal, lines: stdout.trim().split('\n') }
}

test('one error that nobody caught is logged, and life goes on', () => {
  const { status, lines } = run(`
    const lifetime = govern()
    setImmediate(() => { throw new Error('oh') })
    setTimeout(() => { console.log('alive'); lifetime.end() }, 20)`)
  assert.deepEqual(lines, ['error: unexpected', 'alive', 'closed'])
  assert.equal(status, 0)
})

test('two within a second: closed, then 1', () => {
  const { status, lines } = run(`
    govern()
    setImmediate(() => { throw new Error('oh') })
    Promise.reject(new Error('no'))`)
  assert.deepEqual(lines, [
    'error: unexpected',
    'error: unexpected',
    'error: two unexpected errors within a second: stopping',
    'closed',
  ])
  assert.equal(status, 1)
})

for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  test(`${name} closes and exits 0, a second one ends at once with ${code}`, () => {
    const first = run(`govern(); process.kill(process.pid, '${name}')`)
    assert.deepEqual([first.status, first.lines], [0, ['closed']])
    const second = run(`
      govern(() => { process.kill(process.pid, '${name}'); return new Promise(() => {}) })
      process.kill(process.pid, '${name}')`)
    assert.deepEqual([second.status, second.lines], [code, ['']])
  })
}

test('a command is told of the first signal, and ended by the second', () => {
  const { status, lines } = run(`
    const signal = abortOnSignal()
    signal.addEventListener('abort', () => {
      console.log('told')
      process.kill(process.pid, 'SIGTERM')
    })
    process.kill(process.pid, 'SIGINT')`)
  assert.deepEqual([status, lines], [143, ['told']])
})

test('an error while closing: 1', () => {
  const { status, lines } = run(`govern(async () => { throw new Error('stuck') }).end()`)
  assert.deepEqual([status, lines], [1, ['error: could not close properly']])
})
