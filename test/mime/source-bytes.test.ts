import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { sendableSource, sourceBytes } from '../../server/mime/source-bytes.ts'

test('octets come from a file after its first line, or from memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailcatch-source-'))
  try {
    const path = join(folder, 'a.eml')
    writeFileSync(path, 'head\nbody')
    assert.equal(sourceBytes({ path, start: 5 }).toString(), 'body')
  } finally {
    rmSync(folder, { recursive: true })
  }
  const bytes = Buffer.from('xbodyx').subarray(1, 5)
  assert.equal(sourceBytes({ bytes }).toString(), 'body')
})

test('what is posted takes nothing else along', () => {
  const bytes = Buffer.alloc(1_000).subarray(10, 20)
  const sent = sendableSource({ bytes })
  assert.ok('bytes' in sent && sent.bytes.buffer.byteLength === 10)
  const whole = { bytes: new Uint8Array(10) }
  assert.equal(sendableSource(whole), whole)
  const file = { path: '/a', start: 1 }
  assert.equal(sendableSource(file), file)
})
