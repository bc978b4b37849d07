import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LockedError, lockFile, takeLock } from '../../server/store/lock.ts'

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

test('two that start at once: one gets it, the other is told who', async () => {
  const path = await directory('at once')
  const script = `
    import { takeLock } from ${JSON.stringify(new URL('../../server/store/lock.ts', import.meta.url).href)}
    process.stdin.once('data', () => takeLock(${JSON.stringify(path)}).then(
      () => process.stdout.write('held ' + process.pid),
      error => process.stdout.write('told ' + error.holder?.pid),
    ))
    process.stdout.write('here')
    setInterval(() => {}, 1000)
  `
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    }),
  )
  try {
    await Promise.all(children.map(({ stdout }) => once(stdout, 'data')))
    const answers = children.map(async ({ stdin, stdout }) => {
      const answer = once(stdout, 'data')
      stdin.write('go')
      return String((await answer)[0])
    })
    const said = (await Promise.all(answers)).sort()
    const pid = /^held (\d+)$/.exec(said[0] ?? '')?.[1]
    assert.ok(pid, `${said}`)
    assert.deepEqual(said.slice(1), Array(3).fill(`told ${pid}`))
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
})

test('without sockets a file says who has it', async () => {
  const path = await directory('no sockets')
  const cause = new Error('no sockets here')
  const lock = await lockFile(path, 'now', cause)
  await assert.rejects(lockFile(path, 'now', cause), (error: unknown) => {
    assert.ok(error instanceof LockedError)
    assert.equal(error.holder?.pid, process.pid)
    return true
  })
  await lock.release()
  // A process of this number that runs, but started at another time, and one that does not run.
  for (const holder of [
    { pid: process.pid, since: 'then', url: '', started: '1' },
    { pid: 2 ** 22, since: 'then', url: '', started: null },
  ]) {
    await writeFile(join(path, 'lock.json'), JSON.stringify(holder))
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, () => lockFile(path, 'now', cause)),
    )
    const held = results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : []))
    assert.equal(held.length, 1)
    for (const result of results) {
      if (result.status === 'rejected') assert.ok(result.reason instanceof LockedError)
    }
    await held[0]?.release()
  }
  // What was cut off while it was written belongs to nobody after a while.
  const torn = join(path, 'lock.json')
  await writeFile(torn, '')
  await utimes(torn, new Date(Date.now() - 60_000), new Date(Date.now() - 60_000))
  await (await lockFile(path, 'now', cause)).release()
  assert.deepEqual(await readdir(path), [])
})

test('where neither works, the reason is told', async () => {
  const cause = new Error('read-only')
  await assert.rejects(lockFile(join(root, 'missing'), 'now', cause), /read-only/)
})
