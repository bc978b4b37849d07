import assert from 'node:assert/strict'
import { test } from 'node:test'
import { once } from '../../../server/mime/extract/once.ts'

test('makes nothing before it is asked, and nothing twice', () => {
  let made = 0
  const count = once(() => {
    made++
    return undefined
  })
  assert.equal(made, 0)
  count()
  count()
  assert.equal(made, 1)
})
