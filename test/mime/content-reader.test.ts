import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { ContentError, ContentReader } from '../../server/mime/content-reader.ts'

const bytes = (text: string) => ({ bytes: Buffer.from(text) })
const isError = (code: string) => (error: unknown) =>
  error instanceof ContentError && error.code === code

let directory: string
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailcatch-'))
})
after(() => rm(directory, { recursive: true }))

test('reads from memory and from a slice of a file', async () => {
  const reader = new ContentReader()
  const path = join(directory, '1.eml')
  await writeFile(path, 'X-Mailcatch: {}\r\nSubject: x\r\n\r\nfrom file')
  const pool = Buffer.from('....\r\nfrom memory....')
  const [memory, file] = await Promise.all([
    reader.read({ bytes: pool.subarray(4, -4) }),
    reader.read({ path, start: 17 }),
  ])
  assert.equal(memory.text, 'from memory')
  assert.equal(file.text, 'from file')
  assert.match(file.searchText, /^x from file$/)
  assert.equal(pool.toString(), '....\r\nfrom memory....', 'the bytes stay with their owner')
  await reader.close()
})

test('gives links and codes, the HTML document and the structure', async () => {
  const reader = new ContentReader()
  const { links, codes } = await reader.extract(
    bytes('Subject: 482913 is your code\n\nhttps://a.example/verify'),
  )
  assert.deepEqual([links[0]?.kind, codes[0]?.value], ['action', '482913'])
  const mail = bytes('Content-Type: text/html; charset=utf-8\n\n<p>x')
  assert.equal(await reader.html(mail), '<base target="_blank"><p>x')
  assert.equal(await reader.html(bytes('\nx')), null)
  const part = await reader.structure(mail)
  assert.equal(part.parameters.get('charset'), 'utf-8')
  assert.equal(part.bodyStart, 40)
  await reader.close()
})

test('many at once, in order; an urgent one before the backlog', async () => {
  const reader = new ContentReader()
  await reader.read(bytes('\nthe worker is up'))
  const done: string[] = []
  const note = (name: string) => () => {
    done.push(name)
  }
  const reads = Array.from({ length: 100 }, (_, i) =>
    reader.read(bytes(`\n${i}`)).then(note(`${i}`)),
  )
  reads.push(reader.read(bytes('\nnow'), { urgent: true }).then(note('urgent')))
  await Promise.all(reads)
  assert.deepEqual(
    done.filter(name => name !== 'urgent'),
    Array.from({ length: 100 }, (_, i) => `${i}`),
  )
  assert.ok(done.indexOf('urgent') <= 8, `urgent came as number ${done.indexOf('urgent')}`)
  await reader.close()
})

test('a file that cannot be read is refused, and costs nothing else', async () => {
  const reader = new ContentReader()
  const refused = reader.read({ path: join(directory, 'none'), start: 0 })
  const fine = reader.read(bytes('\nx'))
  await assert.rejects(refused, isError('refused'))
  assert.equal((await fine).text, 'x')
  await reader.close()
})

test('a message that takes too long fails, and no other', async () => {
  // Reading a pipe that nobody writes to takes as long as one likes.
  const path = join(directory, 'pipe')
  await promisify(execFile)('mkfifo', [path])
  const reader = new ContentReader({ timeout: 2_000 })
  const results = await Promise.allSettled([
    reader.read(bytes('\none')),
    reader.read({ path, start: 0 }),
    reader.read(bytes('\ntwo')),
    reader.read(bytes('\nthree'), { urgent: true }),
  ])
  assert.deepEqual(
    results.map(result => (result.status === 'fulfilled' ? result.value.text : result.reason.code)),
    ['one', 'timeout', 'two', 'three'],
  )
  await reader.close()
  // Lets the first worker's thread end.
  await writeFile(path, '')
})

test('a message that takes too much memory brings down its worker only', async () => {
  const reader = new ContentReader({ maxHeap: 24 })
  const deep = bytes(`Content-Type: text/html\n\n${'<p>x</p> &amp; '.repeat(1_000_000)}`)
  const results = await Promise.allSettled([
    reader.read(bytes('\none')),
    reader.read(deep),
    reader.read(bytes('\ntwo')),
  ])
  assert.deepEqual(
    results.map(result => (result.status === 'fulfilled' ? result.value.text : result.reason.code)),
    ['one', 'crashed', 'two'],
  )
  await reader.close()
})

test('close settles what is under way, and nothing comes after', async () => {
  const reader = new ContentReader()
  const reads = Array.from({ length: 20 }, () => reader.read(bytes('\nx')))
  const settled = Promise.allSettled(reads)
  await reader.close()
  for (const result of await settled) {
    assert.equal(result.status, 'rejected')
    assert.ok(isError('closed')(result.reason))
  }
  await assert.rejects(reader.read(bytes('\nx')), isError('closed'))
  await reader.close()
})

test('it keeps a process alive while somebody waits, and no longer', async () => {
  const url = new URL('../../server/mime/content-reader.ts', import.meta.url)
  const script = `
    import { ContentReader } from '${url.href}'
    const reader = new ContentReader()
    reader.read({ bytes: Buffer.from('\\nread') }).then(content => console.log(content.text))`
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: new URL('../..', import.meta.url) },
  )
  assert.equal(stdout, 'read\n')
})
