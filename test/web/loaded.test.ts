import assert from 'node:assert/strict'
import { it } from 'node:test'
import { signal } from '@preact/signals'
import { ApiError } from '../../web/api.ts'
import { type Loaded, loading } from '../../web/loaded.ts'

it('What is read is that of the last key; what was asked for before is ended, and a failure tried again', async () => {
  const key = signal<number | null>(null)
  const asked: {
    key: number
    isEnded: () => boolean
    answer: (text: string) => void
    fail: () => void
  }[] = []
  const { state, reload } = loading(
    key,
    (wanted, end) =>
      new Promise<string>((answer, reject) => {
        asked.push({
          key: wanted,
          isEnded: () => end.aborted,
          answer,
          fail: () => reject(new Error('no way')),
        })
      }),
  )
  assert.deepEqual(state.value, { is: 'loading' })
  key.value = 1
  key.value = 2
  assert.deepEqual(
    asked.map(each => [each.key, each.isEnded()]),
    [
      [1, true],
      [2, false],
    ],
  )
  asked[1]?.answer('two')
  asked[0]?.answer('one')
  await new Promise(setImmediate)
  assert.deepEqual(state.value, { is: 'ready', value: 'two' })
  key.value = 3
  assert.deepEqual(state.value, { is: 'loading' })
  asked[2]?.fail()
  await new Promise(setImmediate)
  const failed = state.peek() as Loaded<string>
  assert.equal(failed.is === 'failed' && failed.error instanceof ApiError, true)
  reload()
  asked[3]?.answer('three')
  await new Promise(setImmediate)
  assert.deepEqual(state.value, { is: 'ready', value: 'three' })
  key.value = null
  assert.deepEqual(state.value, { is: 'loading' })
  assert.equal(asked.length, 4)
})
