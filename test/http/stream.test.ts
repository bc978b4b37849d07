import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import { test } from 'node:test'
import { peek, prepend, streamBody } from '../../server/http/stream.ts'

const log = () => {
  const lines: string[] = []
  return { lines, info() {}, warn() {}, error: (event: string) => lines.push(event) }
}
/** Notes whether it was broken off. */
const socket = () => {
  const state = { isDestroyed: false }
  return Object.assign(state, { destroy: () => (state.isDestroyed = true) }) as unknown as Socket &
    typeof state
}
const bytes = async (body: ReadableStream<Uint8Array>) =>
  Buffer.from(await new Response(body).arrayBuffer()).toString()

test('A body streams what the source gives', async () => {
  const source = Readable.from([Buffer.from('ab'), Buffer.from('cd')])
  assert.equal(await bytes(await streamBody(source, socket(), log())), 'abcd')
  assert.equal(await bytes(await streamBody(Readable.from([]), socket(), log())), '')
  const both = prepend(Buffer.from('>'), Readable.from([Buffer.from('x')]))
  assert.equal(await bytes(await streamBody(both, socket(), log())), '>x')
})

test('An error before the first octet is thrown; a later one breaks the connection off', async () => {
  const early = new PassThrough()
  early.destroy(new Error('no such file'))
  await assert.rejects(streamBody(early, socket(), log()), /no such file/)

  const late = new PassThrough()
  late.write('ab')
  const to = socket()
  const lines = log()
  const reader = (await streamBody(late, to, lines)).getReader()
  assert.equal(String(Buffer.from((await reader.read()).value ?? [])), 'ab')
  late.destroy(new Error('disk broke'))
  assert.equal((await reader.read()).done, true)
  assert.equal(to.isDestroyed, true)
  assert.deepEqual(lines.lines, ['http: an answer broke off'])
})

test('A reader that leaves closes the source', async () => {
  const source = new PassThrough()
  source.write('ab')
  const body = await streamBody(source, socket(), log())
  const reader = body.getReader()
  await reader.read()
  const left = reader.cancel()
  source.write('cd')
  await left
  assert.equal(source.destroyed, true)
})

test('peek looks at the first octets and gives them again', async () => {
  for (const [pieces, head] of [
    [['a', 'b', 'c', 'd', 'e'], 'abc'],
    [['abcde'], 'abc'],
    [['ab'], 'ab'],
    [[], ''],
  ] as const) {
    const looked = await peek(Readable.from(pieces.map(piece => Buffer.from(piece))), 3)
    assert.equal(looked.head.toString(), head)
    assert.equal(await bytes(await streamBody(looked.all, socket(), log())), pieces.join(''))
  }
  const source = Readable.from([Buffer.from('abcdef'), Buffer.from('ghi')])
  await (await peek(source, 3)).close()
  assert.equal(source.destroyed, true)
})

test('With nothing in front, what fails at once is still an answer', async () => {
  const broken = new PassThrough()
  broken.destroy(new Error('no such file'))
  const nothing = prepend(Buffer.alloc(0), broken)
  await assert.rejects(streamBody(nothing, socket(), log()), /no such file/)
  const something = prepend(Buffer.from('ab'), Readable.from([Buffer.from('cd')]))
  assert.equal(await bytes(await streamBody(something, socket(), log())), 'abcd')
})
