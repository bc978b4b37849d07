import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Problem } from '../../server/http/resources.ts'
import { MailStore } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { mail, put, startHttp } from '../helpers/http-server.ts'
import { usualStore } from '../helpers/store.ts'

/** What two programs that are not ours make of an archive: `unzip` tests and unpacks it, Python lists it. */
function unpack(test: TestContext, archive: Buffer) {
  const directory = mkdtempSync(join(tmpdir(), 'mailcatch-zip-'))
  test.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'archive.zip')
  writeFileSync(path, archive)
  execFileSync('unzip', ['-tqq', path])
  execFileSync('unzip', ['-qq', path, '-d', join(directory, 'files')])
  const code =
    'import json,sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nprint(json.dumps(z.namelist()))'
  const names = JSON.parse(
    execFileSync('python3', ['-c', code, path], { encoding: 'utf8' }),
  ) as string[]
  const files = new Map(
    readdirSync(join(directory, 'files')).map(name => [
      name,
      readFileSync(join(directory, 'files', name)),
    ]),
  )
  return { names, files }
}

test('Messages come octet for octet, under names that say what they are', async t => {
  const { ask, store } = await startHttp(t)
  const sources = [mail('One', 'bare\nlf'), mail('../a\u202eb: "c"?'), mail('One'), mail('')]
  for (const source of sources) await put(store, source)
  const reply = await ask('/v1/messages.zip?all=true')
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['content-type'], 'application/zip')
  assert.match(String(reply.headers['content-disposition']), /^attachment; filename="messages.zip"/)
  assert.match(String(reply.headers['content-security-policy']), /sandbox/)
  const { names, files } = unpack(t, reply.bytes)
  const expected = ['1 One.eml', '2 .._ab_ _c__.eml', '3 One.eml', '4 No subject.eml']
  assert.deepEqual(names, expected)
  assert.deepEqual(
    expected.map(name => files.get(name)),
    sources.map(source => Buffer.from(source)),
  )
})

test('A message is an .eml, an attachment what its name says, however long it is', async t => {
  const { ask, store } = await startHttp(t)
  const long = 'a'.repeat(994)
  const type = 'multipart/mixed; boundary=b'
  const part = `--b\r\nContent-Disposition: attachment; filename="${long}aa.exe.pdf"\r\n\r\nx\r\n`
  const fields = `Subject: ${long}.exe${'b'.repeat(50)}\r\nContent-Type: ${type}\r\n`
  await put(store, `${fields}\r\n${part}--b--\r\n`)
  const names = async (path: string) => unpack(t, (await ask(path)).bytes).names
  assert.deepEqual(await names('/v1/messages.zip?all=true'), [`1 ${'a'.repeat(174)}.eml`])
  assert.deepEqual(await names('/v1/messages/1/attachments.zip'), [`${'a'.repeat(176)}.pdf`])
})

test('It holds what was asked for, and nothing is a 404', async t => {
  const { ask, store } = await startHttp(t)
  for (const subject of ['Invoice 1', 'Welcome', 'Invoice 2', 'Invoice 3']) {
    await put(store, mail(subject))
  }
  const names = async (query: string) =>
    unpack(t, (await ask(`/v1/messages.zip?${query}`)).bytes).names
  assert.deepEqual(await names('ids=1:2,4'), [
    '1 Invoice 1.eml',
    '2 Welcome.eml',
    '4 Invoice 3.eml',
  ])
  assert.deepEqual(await names('q=invoice&upto=3'), ['1 Invoice 1.eml', '3 Invoice 2.eml'])
  assert.deepEqual(await names('q=invoice&except=1:2,4'), ['3 Invoice 2.eml'])
  assert.deepEqual(await names('all=true&except=3,1'), ['2 Welcome.eml', '4 Invoice 3.eml'])
  assert.deepEqual(await names('all=true&except=2,1:3'), ['4 Invoice 3.eml'])
  assert.deepEqual(await names('ids=4,2,1:2,1:2'), [
    '1 Invoice 1.eml',
    '2 Welcome.eml',
    '4 Invoice 3.eml',
  ])
  for (const [query, status, parameter] of [
    ['', 400, 'ids'],
    ['except=1', 400, 'ids'],
    ['all=true&except=x', 400, 'except'],
    ['q=nothing', 404, undefined],
    ['ids=9', 404, undefined],
  ] as const) {
    const reply = await ask(`/v1/messages.zip?${query}`)
    assert.equal(reply.status, status, query)
    assert.equal((reply.json as Problem).parameter, parameter, query)
  }
  const head = await ask('/v1/messages.zip?all=true', { method: 'HEAD' })
  assert.equal(head.status, 200)
  assert.equal(head.bytes.length, 0)
})

/** A server with a store that tells of each file in the very moment in which it is to be opened. */
async function startWatched(
  t: TestContext,
  opening: (store: MailStore, path: string, octets: number) => void,
) {
  const fs = memoryFs()
  const store: MailStore = await MailStore.open({
    ...usualStore,
    fs: {
      ...fs,
      stream(path, start, end) {
        opening(store, path, (end ?? 0) - (start ?? 0))
        return fs.stream(path, start, end)
      },
    },
  })
  return startHttp(t, { store })
}

test('A message that is deleted before its turn is named in a note', async t => {
  const { ask, store } = await startWatched(t, (store, path) => {
    if (path.endsWith('/2.eml')) void store.remove([2, 3])
  })
  for (const subject of ['One', 'Two', 'Three', 'Four']) await put(store, mail(subject))
  const { names, files } = unpack(t, (await ask('/v1/messages.zip?all=true')).bytes)
  assert.equal(names.at(-1), 'NOT IN THIS ARCHIVE.txt')
  assert.ok(names.includes('1 One.eml') && names.includes('4 Four.eml'))
  assert.ok(!names.includes('3 Three.eml'))
  assert.match(String(files.get('NOT IN THIS ARCHIVE.txt')), /Message 3\r\n/)
})

const attachment = (name: string, body: string) =>
  `--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n`

test('The note about what was deleted has a name of its own, whatever an attachment is called', async t => {
  const note = 'NOT IN THIS ARCHIVE.txt'
  const { ask, store } = await startWatched(t, (store, _path, octets) => {
    // That is the second attachment.
    if (octets >= 8_000 && octets < 8_100) void store.remove([1])
  })
  const large = attachment('large', 'x'.repeat(6_000))
  const body = `--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n${attachment(note, 'a lie')}${large}${attachment('last', '')}--b--\r\n`
  const type = 'Content-Type: multipart/mixed; boundary=b'
  await put(store, mail('Files', body, 'MIME-Version: 1.0', type))
  const { names, files } = unpack(t, (await ask('/v1/messages/1/attachments.zip')).bytes)
  assert.equal(names.at(0), note)
  assert.equal(names.at(-1), 'NOT IN THIS ARCHIVE (2).txt')
  assert.match(String(files.get('NOT IN THIS ARCHIVE (2).txt')), /last\r\n/)
})

test('Attachments come decoded, each under a name of its own', async t => {
  const { ask, store } = await startHttp(t)
  const body = `--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n${[
    attachment('a.txt', 'first'),
    attachment('A.txt', 'second'),
    attachment('../../x.sh', 'third'),
    attachment('NUL', ''),
  ].join('')}--b--\r\n`
  const type = 'Content-Type: multipart/mixed; boundary=b'
  await put(store, mail('Files', body, 'MIME-Version: 1.0', type))
  await put(store, mail('None'))
  const reply = await ask('/v1/messages/latest/attachments.zip?subject=files')
  assert.match(String(reply.headers['content-disposition']), /mail-1-attachments\.zip/)
  const { files } = unpack(t, reply.bytes)
  assert.deepEqual(
    [...files].map(([name, octets]) => [name, String(octets)]).sort(),
    [
      ['A (2).txt', 'second'],
      ['_.._x.sh', 'third'],
      ['_NUL', ''],
      ['a.txt', 'first'],
    ].sort(),
  )
  assert.equal((await ask('/v1/messages/2/attachments.zip')).status, 404)
  assert.equal((await ask('/v1/messages/3/attachments.zip')).status, 404)
})

test('A client that takes nothing holds it up, and one that goes away ends it', async t => {
  const fs = memoryFs()
  let opened = 0
  let open = 0
  const store = await MailStore.open({
    ...usualStore,
    fs: {
      ...fs,
      stream(path, start, end) {
        const stream = fs.stream(path, start, end)
        opened += 1
        open += 1
        stream.once('close', () => {
          open -= 1
        })
        return stream
      },
    },
  })
  const { port } = await startHttp(t, { store })
  const count = 60
  // Noise, so that packing does not make it small enough for the sockets' buffers.
  const noise = Buffer.from(
    Array.from({ length: 300_000 }, (_, at) => (at * 2_654_435_761) ** 1.3 % 251),
  )
  for (let at = 0; at < count; at++) await put(store, Buffer.concat([Buffer.from('\r\n'), noise]))
  const read = opened
  const sent = request({ port, host: '127.0.0.1', path: '/v1/messages.zip?all=true', agent: false })
  sent.on('error', () => {})
  sent.end()
  const [response] = await once(sent, 'response')
  response.on('error', () => {})
  await once(response, 'readable')
  assert.ok(opened - read < count, `${opened - read} of ${count} were opened`)
  response.destroy()
  while (open > 0) await new Promise(resolve => setImmediate(resolve))
  assert.ok(opened - read < count, `${opened - read} of ${count} were opened`)
})
