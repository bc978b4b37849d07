import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crashDisk } from './crash-fs.ts'
import { randomFrom } from './random.ts'

/** What a power loss leaves after some work, over a thousand seeds: each outcome once, sorted. */
const outcomes = async (
  work: (fs: ReturnType<ReturnType<typeof crashDisk>['boot']>['fs']) => Promise<void>,
): Promise<string[]> => {
  const found = new Set<string>()
  for (let seed = 1; seed <= 1_000; seed++) {
    const random = randomFrom(seed)
    const disk = crashDisk()
    await work(disk.boot(random).fs)
    const files = [...disk.afterPowerLoss(random).files()]
    found.add(files.map(([path, bytes]) => `${path}=${runs(bytes.toString('latin1'))}`).join(' '))
  }
  return [...found].sort()
}

/** `aaab` → `3a1b`; zeros as `-`. */
const runs = (text: string): string =>
  text.replaceAll('\0', '-').replace(/(.)\1*/g, run => `${run.length}${run[0]}`)

describe('after a power loss', () => {
  test('what was synced is there, names and contents each by themselves', async () => {
    assert.deepEqual(
      await outcomes(async fs => {
        await fs.makeDirectory('/a')
        await fs.syncDirectory('/')
        const file = await fs.create('/a/f')
        await file.write(Buffer.from('x'))
        await file.sync()
        await fs.syncDirectory('/a')
      }),
      ['/a/f=1x'],
    )
    assert.deepEqual(
      await outcomes(async fs => {
        await fs.makeDirectory('/a')
        await fs.syncDirectory('/')
        const file = await fs.create('/a/f')
        await file.write(Buffer.from('x'))
        await file.sync()
      }),
      ['', '/a/f=1x'],
    )
    assert.deepEqual(
      await outcomes(async fs => {
        await fs.makeDirectory('/a')
        const file = await fs.create('/a/f')
        await file.write(Buffer.from('x'))
        await fs.syncDirectory('/a')
        await fs.syncDirectory('/')
      }),
      ['/a/f=', '/a/f=1-', '/a/f=1x'],
    )
  })

  test('a write that was not synced is there, or not, or cut at 512 octets, or zeros', async () => {
    assert.deepEqual(
      await outcomes(async fs => {
        const file = await fs.create('/f')
        await fs.syncDirectory('/')
        await file.write(Buffer.alloc(500, 'a'))
        await file.sync()
        await file.write(Buffer.alloc(700, 'b'))
      }),
      [
        '/f=500a',
        '/f=500a12b',
        '/f=500a12b688-',
        '/f=500a524b',
        '/f=500a524b176-',
        '/f=500a700-',
        '/f=500a700b',
      ],
    )
  })

  test('a lost write before a kept one leaves zeros, and a truncation may be undone', async () => {
    const found = await outcomes(async fs => {
      const file = await fs.create('/f')
      await fs.syncDirectory('/')
      await file.write(Buffer.from('aa'))
      await file.sync()
      await file.truncate(1)
      await file.write(Buffer.from('b'))
      await file.write(Buffer.from('c'))
    })
    for (const content of ['2a', '1a', '1a1b1c', '1a1b', '1a1-1c']) {
      assert.ok(found.includes(`/f=${content}`), JSON.stringify({ content, found }))
    }
  })

  test('the names of a directory are there up to one of them, of each directory for itself', async () => {
    assert.deepEqual(
      await outcomes(async fs => {
        await fs.makeDirectory('/a')
        await fs.makeDirectory('/b')
        await fs.syncDirectory('/')
        for (const path of ['/a/1', '/a/2', '/b/3']) await fs.create(path)
      }),
      ['', '/a/1=', '/a/1= /a/2=', '/a/1= /a/2= /b/3=', '/a/1= /b/3=', '/b/3='],
    )
  })

  test('a rename never loses the file, from one directory to another neither', async () => {
    const found = await outcomes(async fs => {
      await fs.makeDirectory('/a')
      await fs.makeDirectory('/b')
      const file = await fs.create('/a/f')
      await file.write(Buffer.from('x'))
      await file.sync()
      for (const path of ['/', '/a', '/b']) await fs.syncDirectory(path)
      await fs.rename('/a/f', '/b/f')
    })
    assert.deepEqual(found, ['/a/f=1x', '/a/f=1x /b/f=1x', '/b/f=1x'])
    assert.deepEqual(
      await outcomes(async fs => {
        await fs.makeDirectory('/a')
        await fs.makeDirectory('/b')
        await fs.create('/a/f')
        for (const path of ['/', '/a', '/b']) await fs.syncDirectory(path)
        await fs.rename('/a/f', '/b/f')
        await fs.syncDirectory('/a')
      }),
      ['/b/f='],
    )
  })

  test('a directory of which nobody knows takes along what is in it', async () => {
    assert.deepEqual(
      await outcomes(async fs => {
        await fs.makeDirectory('/a/b')
        await fs.create('/a/b/f')
        await fs.syncDirectory('/a/b')
        await fs.syncDirectory('/a')
      }),
      ['', '/a/b/f='],
    )
  })
})

test('a killed process loses nothing that was written, and what it was at is done, half done or not done', async () => {
  const found = new Set<string>()
  for (let seed = 1; seed <= 100; seed++) {
    const disk = crashDisk()
    const machine = disk.boot(randomFrom(seed))
    const file = await machine.fs.create('/f')
    await file.write(Buffer.from('ab'))
    void file.write(Buffer.from('cd'))
    machine.cut()
    found.add(disk.files().get('/f')?.toString() ?? '')
  }
  assert.deepEqual([...found].sort(), ['ab', 'abc', 'abcd'])
})

test('the machine ends at the call that was named, and no call ends after it', async () => {
  const disk = crashDisk()
  const machine = disk.boot(randomFrom(1), { calls: 3 })
  let ended = 0
  for (let call = 0; call < 5; call++) {
    void machine.fs.makeDirectory('/a').then(() => {
      ended++
    })
  }
  await machine.off
  assert.equal(ended, 3)
  assert.equal(machine.calls, 3)
  void machine.fs.list('/').then(() => assert.fail('it is off'))
})

test('the errors are those of a disk', async () => {
  const { fs } = crashDisk().boot(randomFrom(1))
  await fs.makeDirectory('/a')
  await fs.create('/a/f')
  await assert.rejects(fs.create('/a/f'), { code: 'EEXIST' })
  await assert.rejects(fs.create('/b/f'), { code: 'ENOENT' })
  await assert.rejects(fs.read('/a'), { code: 'EISDIR' })
  await assert.rejects(fs.read('/a/g'), { code: 'ENOENT' })
  await assert.rejects(fs.rename('/a/g', '/a/h'), { code: 'ENOENT' })
  assert.deepEqual(await fs.list('/b'), [])
  await fs.remove('/a/g')
})
