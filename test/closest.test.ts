import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closest } from '../server/closest.ts'

const flags = ['--smtp-port', '--http-port', '--host', '--data', '--max-age']

test('finds the word that was meant', () => {
  assert.equal(closest('--smpt-port', flags), '--smtp-port')
  assert.equal(closest('--SMTP-PORT', flags), '--smtp-port')
  assert.equal(closest('--hots', flags), '--host')
  assert.equal(closest('--maxage', flags), '--max-age')
})

test('suggests nothing where nothing is near', () => {
  assert.equal(closest('--frobnicate', flags), undefined)
  assert.equal(closest('', flags), undefined)
  assert.equal(closest('x'.repeat(100_000), flags), undefined)
})
