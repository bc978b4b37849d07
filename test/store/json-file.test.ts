import assert from 'node:assert/strict'
import { test } from 'node:test'
import { jsonFile } from '../../server/store/json-file.ts'
import { crashDisk } from '../helpers/crash-fs.ts'
import { randomFrom } from '../helpers/random.ts'

const path = '/data/a.json'

type Document = { readonly schema: number; readonly text: string }

const open = async (content?: string) => {
  const disk = crashDisk()
  const { fs } = disk.boot(randomFrom(1))
  await fs.makeDirectory('/data')
  if (content !== undefined) disk.plant(path, Buffer.from(content))
  const logged: string[] = []
  const options = { fsync: false, log: (line: string) => logged.push(line) }
  const isSound = ({ schema }: Document) => schema === 1
  const missing: Document = { schema: 0, text: 'missing' }
  const read = async () => {
    const file = jsonFile(fs, path, missing, options, isSound)
    await file.read()
    return file
  }
  return { disk, read, logged }
}

test('what is written is read again, and ends with a sum', async () => {
  const { disk, read, logged } = await open()
  const file = await read()
  assert.deepEqual(file.data, { schema: 0, text: 'missing' })
  file.data = { schema: 1, text: 'a "sum" in it: ,"sum":"0123456789abcdef"}\n' }
  await file.write()
  assert.deepEqual((await read()).data, file.data)
  assert.match(disk.files().get(path)?.toString() ?? '', /,"sum":"[0-9a-f]{16}"\}\n$/)
  assert.deepEqual([...disk.files().keys()], [path])
  assert.deepEqual(logged, [])
})

test('each flipped bit is noticed, or changes nothing', async () => {
  const { disk, read } = await open()
  const file = await read()
  const document = { schema: 1, text: 'Ärger' }
  file.data = document
  await file.write()
  const bytes = disk.files().get(path) ?? Buffer.alloc(0)
  for (let bit = 0; bit < 8 * bytes.length; bit++) {
    const flipped = Buffer.from(bytes)
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    disk.plant(path, flipped)
    const { schema, text } = (await read()).data
    assert.ok(text === 'missing' || (schema === 1 && text === 'Ärger'), `bit ${bit}: ${text}`)
  }
})

for (const [name, content] of [
  ['cut', '{"schema":1,"te'],
  ['empty', ''],
  ['no object', 'null'],
  ['another document', '{"schema":7,"text":"x"}'],
] as const) {
  test(`a file that is ${name} is set aside, and that is said`, async () => {
    const { disk, read, logged } = await open(content)
    assert.equal((await read()).data.text, 'missing')
    const [aside = '', ...others] = disk.files().keys()
    assert.match(aside, /^\/data\/a\.json\.bad-\d+$/)
    assert.deepEqual(others, [])
    assert.equal(disk.files().get(aside)?.toString(), content)
    assert.match(logged.join('\n'), /^\/data\/a\.json is damaged \(.+\); set aside as /)
  })
}

test('a directory in its place is set aside', async () => {
  const { disk, read, logged } = await open()
  disk.plant(path, 'directory')
  assert.equal((await read()).data.text, 'missing')
  assert.match(disk.directories().join(), /^\/data,\/data\/a\.json\.bad-\d+$/)
  assert.equal(logged.length, 1)
})

test('one without a sum, of an earlier version, is read', async () => {
  const { read, logged } = await open('{"schema":1,"text":"old"}\n')
  assert.equal((await read()).data.text, 'old')
  assert.deepEqual(logged, [])
})
