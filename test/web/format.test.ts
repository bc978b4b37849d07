import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatRecipients, formatShortly, formatSize, formatTime } from '../../web/format.ts'

const now = new Date(2026, 0, 17, 15, 0)
const at = (...parts: [number, number, number, number, number]): string =>
  new Date(...parts).toISOString()

describe('words for people', () => {
  it('gives the time of today, else the day', () => {
    assert.equal(formatTime(at(2026, 0, 17, 14, 2), now), '14:02')
    assert.equal(formatTime(at(2026, 0, 17, 0, 2), now), '00:02')
    assert.match(formatTime(at(2026, 0, 3, 14, 2), now), /3/)
    assert.match(formatTime(at(2025, 11, 31, 14, 2), now), /2025/)
  })

  it('gives large numbers in little room', () => {
    assert.equal(formatShortly(9999).replace(/\D/g, ''), '9999')
    assert.equal(formatShortly(40_043).length < 6, true)
  })

  it('gives sizes with two figures at least', () => {
    assert.deepEqual(
      [0, 999, 1000, 9949, 12_345, 999_499, 999_500, 1_500_000, 52_428_800, 1e12].map(formatSize),
      [
        '0 B',
        '999 B',
        '1.0 kB',
        '9.9 kB',
        '12 kB',
        '999 kB',
        '1.0 MB',
        '1.5 MB',
        '52 MB',
        '1000 GB',
      ],
    )
  })

  it('names the recipients: the To field, or else the envelope', () => {
    const ada = { name: 'Ada', address: 'ada@example.com' }
    const bob = { name: '', address: 'bob@example.com' }
    assert.equal(formatRecipients({ to: [ada], rcptTo: ['x@y'] }), 'Ada')
    assert.equal(formatRecipients({ to: [], rcptTo: ['x@y'] }), 'x@y')
    assert.equal(
      formatRecipients({ to: [ada, bob, ada, ada], rcptTo: [] }),
      'Ada, bob@example.com +2',
    )
    assert.equal(formatRecipients({ to: [], rcptTo: [] }), 'no recipients')
  })
})
