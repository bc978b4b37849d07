import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CAPABILITIES,
  type CapabilityState,
  capabilitiesOf,
} from '../../server/imap/capabilities.ts'

const STATE: CapabilityState = {
  isAuthenticated: false,
  canStartTls: true,
  isCompressed: false,
  mechanisms: ['PLAIN', 'CRAM-MD5'],
  appendLimit: 50,
}

test('before login, what helps with it', () => {
  assert.deepEqual(capabilitiesOf(STATE), [
    'IMAP4rev1',
    'IMAP4rev2',
    'IDLE',
    'LITERAL+',
    'ENABLE',
    'ID',
    'SASL-IR',
    'STARTTLS',
    'AUTH=PLAIN',
    'AUTH=CRAM-MD5',
  ])
})

test('STARTTLS is offered while it is to be had', () => {
  assert.equal(capabilitiesOf({ ...STATE, canStartTls: false }).includes('STARTTLS'), false)
  assert.equal(capabilitiesOf({ ...STATE, isAuthenticated: true }).includes('STARTTLS'), false)
})

test('after login, all that there is, and nothing of the login', () => {
  const after = capabilitiesOf({ ...STATE, isAuthenticated: true })
  for (const { name, when } of CAPABILITIES) {
    assert.equal(after.includes(name), when !== 'before-login', name)
  }
  assert.ok(after.includes('APPENDLIMIT=50'))
  assert.deepEqual(
    after.filter(name => name.startsWith('AUTH=')),
    [],
  )
})

test('compression is offered once', () => {
  const after = { ...STATE, isAuthenticated: true }
  assert.equal(capabilitiesOf(after).includes('COMPRESS=DEFLATE'), true)
  assert.equal(capabilitiesOf({ ...after, isCompressed: true }).includes('COMPRESS=DEFLATE'), false)
})

test('each is a name of its own, with its RFC', () => {
  const names = CAPABILITIES.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const { name, rfc } of CAPABILITIES) {
    assert.match(name, /^[A-Za-z0-9+=-]+$/)
    assert.match(rfc, /^RFC \d{4}$/)
  }
})
