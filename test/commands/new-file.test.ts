import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { NewFile } from '../../server/commands/new-file.ts'
import { makeFolder } from '../helpers/commands.ts'

const folder = makeFolder()
after(folder.remove)

test('a file is there in full, for its owner alone, or not at all', async () => {
  const path = folder.in('a')
  writeFileSync(`${path}.part`, 'what was left')
  const file = await NewFile.open(path)
  for (let piece = 0; piece < 10; piece++) await file.write(Buffer.alloc(100_000, `${piece}`))
  assert.equal(file.size, 1_000_000)
  assert.equal(existsSync(path), false)
  await file.place()
  await file.discard()
  const written = readFileSync(path, 'latin1')
  assert.equal(written, [...'0123456789'].map(digit => digit.repeat(100_000)).join(''))
  if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.deepEqual(readdirSync(folder.path), ['a'])
})

test('what is cut off is not there', async () => {
  const file = await NewFile.open(folder.in('b'))
  await file.write(Buffer.from('first,'))
  const { size } = file
  await file.write(Buffer.alloc(600_000))
  await file.cut(size)
  await file.write(Buffer.from('second'))
  await file.place()
  assert.equal(readFileSync(folder.in('b'), 'utf8'), 'first,second')
})

test('what is discarded, or cannot be placed, leaves nothing', async () => {
  const discarded = await NewFile.open(folder.in('c'))
  await discarded.write(Buffer.from('x'))
  await discarded.discard()
  const misplaced = await NewFile.open(folder.in('d'))
  const { mkdirSync } = await import('node:fs')
  mkdirSync(folder.in('d', 'in the way'), { recursive: true })
  await assert.rejects(misplaced.place())
  assert.deepEqual(readdirSync(folder.path).sort(), ['a', 'b', 'd'])
})
