import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LockedError, takeLock } from '../../server/store/lock.ts'

let root: string
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailcatch-lock-'))
})
after(() => rm(root, { recursive: true }))

const directory = async (name: string) => {
  const path = join(root, name)
  await mkdir(path)
  return path
}

/** Another process that takes the lock, and says so on stdout. */
const holder = async (path: string) => {
  const script = `
    import { takeLock } from ${JSON.stringify(new URL('../../server/store/lock.ts', import.meta.url).href)}
    await takeLock(${JSON.stringify(path)})
    process.stdout.write('held')
    setInterval(() => {}, 1000)
  `
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  await once(child.stdout, 'data')
  return child
}

test('a lock is held until it is released', async () => {
  const path = await directory('one')
  const lock = await takeLock(path)
  lock.announce('http://localhost:8025/')
  await assert.rejects(takeLock(path), (error: unknown) => {
    assert.ok(error instanceof LockedError)
    assert.equal(error.holder?.url, 'http://localhost:8025/')
    return true
  })
  await lock.release()
  await (await takeLock(path)).release()
})

test('another process holds it while it lives, also while it is stopped, and no longer', async () => {
  const path = await directory('two')
  const child = await holder(path)
  await assert.rejects(takeLock(path), (error: unknown) => {
    assert.ok(error instanceof LockedError)
    assert.equal(error.holder?.pid, child.pid)
    return true
  })
  child.kill('SIGSTOP')
  await assert.rejects(takeLock(path), LockedError)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await (await takeLock(path)).release()
})

test('of many who find a dead holder, one gets the lock', async () => {
  const path = await directory('three')
  const child = await holder(path)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path)))
  const held = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
  assert.equal(held.length, 1)
  for (const result of results) {
    if (result.status === 'rejected') assert.ok(result.reason instanceof LockedError)
  }
  await held[0]?.release()
})

test('what a killed process left while it took a dead holder over keeps nobody out', async t => {
  const path = await directory('four')
  const child = await holder(path)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const takeover = join(path, 'lock.sock.takeover')
  await writeFile(takeover, '')
  const begun = new Date(Date.now() - 2_000)
  await utimes(takeover, begun, begun)
  const warnings: string[] = []
  const warn = ({ name }: Error) => warnings.push(name)
  process.on('warning', warn)
  t.after(() => process.off('warning', warn))
  const lock = await takeLock(path)
  await lock.release()
  assert.deepEqual(await readdir(path), [])
  assert.deepEqual(warnings, [])
})

test('a path too long for a socket is locked all the same', async () => {
  const path = await directory('x'.repeat(120))
  const lock = await takeLock(path)
  await assert.rejects(takeLock(path), LockedError)
  await lock.release()
})
