import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkDeleting } from '../../server/http/check-deleting.ts'

test('With --no-delete deleting is refused, and the reason is named', () => {
  checkDeleting({ allowDelete: true })
  assert.throws(() => checkDeleting({ allowDelete: false }), {
    status: 403,
    message: /--no-delete/,
  })
})
