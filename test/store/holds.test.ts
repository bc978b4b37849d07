import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Condition,
  confirmed,
  excluded,
  Facts,
  refuted,
  unknown,
} from '../../server/store/condition.ts'
import { fieldHolds, isSent, messageHolds } from '../../server/store/holds.ts'
import type { Entry, Message } from '../../server/store/message.ts'
import type { Probe } from '../../server/store/probe.ts'

const list = (...addresses: string[]) =>
  addresses.map(address => ({ name: address.split('@')[0] ?? '', address }))

const entryOf = (message: Partial<Message>): Entry =>
  ({
    number: 7,
    message: {
      id: 7,
      parsed: true,
      subject: 'Grüße aus Köln',
      messageId: '<1@x.org>',
      from: [{ name: 'Smith, Bob', address: 'bob@x.org' }],
      to: list('ann@y.org', 'eve@y.org'),
      cc: [],
      bcc: [],
      replyTo: [],
      date: '2026-11-21T23:30:00.000Z',
      warnings: 0,
      attachments: 0,
      inlines: 0,
      ...message,
    },
  }) as unknown as Entry

/** The answer from index and search text, else the kind of what must be asked. */
const decide = (condition: Condition, message: Partial<Message> = {}, hint = unknown) => {
  const facts = new Facts()
  const entry = entryOf(message)
  let holds = condition(entry, facts)
  for (const probe of facts.missing) {
    if (probe.kind === 'word') facts.answers(probe)[entry.number] = hint
  }
  facts.begin()
  facts.isScanned = true
  holds ??= condition(entry, facts)
  const [asked] = facts.missing as Set<Probe>
  return holds ?? asked?.kind
}

describe('a field', () => {
  const field = (name: string, text: string, message: Partial<Message> = {}) =>
    decide(fieldHolds(name, text), message)

  test('is looked up in the index', () => {
    assert.equal(field('subject', 'GRÜßE  AUS'), true)
    assert.equal(field('subject', 'bonn'), false)
    assert.equal(field('message-id', '<1@X'), true)
    assert.equal(field('message-id', '<2@x.org>'), false)
    assert.equal(field('from', 'bob <bob@x.org>'), true)
    assert.equal(field('from', 'ann'), false)
    assert.equal(field('to', 'ann@y.org>, eve'), true)
    assert.equal(field('to', '<eve@y.org>'), true)
    assert.equal(field('cc', 'eve'), false)
  })

  test('is read where the index cannot tell', () => {
    assert.equal(field('x-kind', 'one'), 'field')
    assert.equal(field('subject', ''), true)
    assert.equal(field('cc', ''), 'field')
    assert.equal(field('from', '"Smith, Bob"'), 'field')
    assert.equal(field('from', 'bob(work)'), 'field')
    // Twice there, cut, or a group.
    assert.equal(field('subject', 'bonn', { warnings: 1 }), 'field')
    assert.equal(field('subject', 'bonn', { subject: 'x'.repeat(1_000) }), 'field')
    assert.equal(field('to', 'undisclosed', { to: [] }), 'field')
    assert.equal(field('to', 'ann', { to: list(...Array(101).fill('ann@y.org')) }), 'field')
    // What holds is not doubted.
    assert.equal(field('subject', 'köln', { warnings: 1 }), true)
  })
})

describe('a body', () => {
  const body = (text: string, hint: number, message: Partial<Message> = {}) =>
    decide(messageHolds(text, { withHeaders: false }), message, hint)
  const whole = (text: string, hint: number) =>
    decide(messageHolds(text, { withHeaders: true }), {}, hint)

  test('is decided by the search text where that can tell', () => {
    assert.equal(body('', unknown), true)
    assert.equal(body('invoice', excluded), false)
    assert.equal(body('invoice', confirmed), true)
    assert.equal(whole('invoice', confirmed), true)
  })

  test('is read where the search text lacks some of it, or has more', () => {
    for (const hint of [unknown, refuted]) {
      assert.equal(body('invoice', hint), 'body')
      assert.equal(whole('invoice', hint), 'body')
    }
    assert.equal(whole('invoice', excluded), 'body')
    assert.equal(body('your invoice', confirmed), 'body')
    assert.equal(whole('your invoice', confirmed), 'body')
    for (const elsewhere of ['köln', 'smith', 'eve@y.org']) {
      assert.equal(body(elsewhere, confirmed), 'body', elsewhere)
    }
    assert.equal(body('invoice', confirmed, { attachments: 1 }), 'body')
    assert.equal(body('invoice', confirmed, { cc: list(...Array(101).fill('a@y.org')) }), 'body')
  })
})

test('a sent date is read where the zone decides', () => {
  const day = (date: string) => Date.parse(`${date}T00:00:00Z`)
  const on = (date: string, message: Partial<Message> = {}) =>
    decide(isSent(day(date), day(date)), message)
  assert.deepEqual(
    ['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map(date => on(date)),
    [false, 'sent', 'sent', 'sent', false],
  )
  const before = (date: string) => decide(isSent(Number.NEGATIVE_INFINITY, day(date)))
  assert.deepEqual(['2026-11-19', '2026-11-20', '2026-11-21', '2026-11-22'].map(before), [
    false,
    'sent',
    'sent',
    true,
  ])
  assert.equal(on('2026-11-21', { date: null }), false)
  assert.equal(on('1969-12-31', { date: '1969-12-31T23:00:00.000Z' }), 'sent')
  assert.equal(on('1969-12-29', { date: '1969-12-31T23:00:00.000Z' }), false)
})
