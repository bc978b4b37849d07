import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import { test } from 'node:test'
import { readStandardInput } from '../../server/commands/standard-input.ts'

const { signal } = new AbortController()

test('all that comes is read, and no more than may', async () => {
  const input = () => Readable.from([Buffer.from('one '), Buffer.from('two')])
  assert.equal(
    (await readStandardInput('it', { longest: 7, signal, input: input() })).toString(),
    'one two',
  )
  await assert.rejects(readStandardInput('it', { longest: 6, signal, input: input() }), {
    message: 'it has more than 6 octets',
  })
})

test('who is stopped does not wait for the end', async () => {
  const controller = new AbortController()
  const input = new PassThrough()
  const reading = readStandardInput('it', { longest: 9, signal: controller.signal, input })
  input.write('one')
  controller.abort()
  await assert.rejects(reading)
  assert.ok(input.destroyed)
})
