import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { startWorker } from '../server/worker.ts'

test('starts an entry from source, with its data', async () => {
  const current = new Int32Array(new SharedArrayBuffer(4))
  const worker = startWorker('mime/content-worker', { workerData: { current } })
  const source = { bytes: Buffer.from('\nx') }
  worker.postMessage({ id: 7, task: 'structure', source, isUrgent: false })
  const [answer] = await once(worker, 'message')
  assert.equal(answer.id, 7)
  assert.equal(answer.result.type, 'text/plain')
  await worker.terminate()
})

test('says when there is no such entry', async () => {
  const worker = startWorker('mime/no-such-worker')
  const [error] = await once(worker, 'error')
  assert.match(error.message, /no-such-worker/)
})
