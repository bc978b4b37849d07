import assert from 'node:assert/strict'
import { it } from 'node:test'
import { isUnreadOnly, withUnreadOnly } from '../../web/search-words.ts'

it('adds and takes away is:unread and leaves other words alone', () => {
  assert.equal(withUnreadOnly('', true), 'is:unread')
  assert.equal(withUnreadOnly('is:unread', true), 'is:unread')
  assert.equal(withUnreadOnly('is:unread', false), '')
  assert.equal(withUnreadOnly('to:ada is:unread "two  spaces"', false), 'to:ada "two  spaces"')
  assert.equal(withUnreadOnly('to:ada', true), 'to:ada is:unread')
  assert.equal(withUnreadOnly('-is:unread', false), '-is:unread')
  assert.equal(isUnreadOnly('to:ada is:unread'), true)
  assert.equal(isUnreadOnly('-is:unread'), false)
})
