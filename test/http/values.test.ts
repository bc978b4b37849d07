import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  idSet,
  queryBoolean,
  queryId,
  queryOctets,
  queryPosition,
  time,
} from '../../server/http/values.ts'

test('Numbers have one spelling', () => {
  assert.equal(queryId.parse('1'), 1)
  assert.equal(queryId.parse('9999999999'), 9_999_999_999)
  assert.equal(queryPosition.parse('0'), 0)
  assert.equal(queryOctets.parse('0'), 0)
  for (const text of [
    '',
    '0',
    '00',
    '01',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x1',
    ' 1',
    '1 ',
    '١',
    '10000000000',
    'NaN',
    '1\n',
  ]) {
    assert.equal(queryId.safeParse(text).success, false, JSON.stringify(text))
  }
  assert.equal(queryBoolean.parse('true'), true)
  assert.equal(queryBoolean.safeParse('True').success, false)
})

test('Times are ISO 8601, UTC where they name no zone', () => {
  for (const [text, milliseconds] of [
    ['2026-01-31', Date.UTC(2026, 0, 31)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2026-01-31T09:30', Date.UTC(2026, 0, 31, 9, 30)],
    ['2026-01-31 09:30:15', Date.UTC(2026, 0, 31, 9, 30, 15)],
    ['2026-01-31T09:30:15.250Z', Date.UTC(2026, 0, 31, 9, 30, 15, 250)],
    ['2026-01-31T09:30:15.123456789z', Date.UTC(2026, 0, 31, 9, 30, 15, 123)],
    ['2026-01-31T09:30:15+02:00', Date.UTC(2026, 0, 31, 7, 30, 15)],
    ['2026-01-31T09:30-11:30', Date.UTC(2026, 0, 31, 21, 0)],
  ] as const) {
    assert.equal(time.parse(text), milliseconds, text)
  }
  for (const text of [
    '',
    '2026',
    '2026-1-1',
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2026-01-00',
    '2026-01-01T24:30',
    '2026-01-01T09:60',
    '2026-01-01T09:30+25:00',
    '2026-01-01Z',
    'Fri, 02 Jan 2026',
    '1767225600000',
    '2026-01-01T',
    `2026-01-01T09:30:15.${'1'.repeat(50_000)}`,
  ]) {
    assert.equal(time.safeParse(text).success, false, text.slice(0, 40))
  }
})

test('A set of ids has no star and no empty place', () => {
  for (const text of ['1', '4:17,20', '1,2,3', '9:9']) assert.equal(idSet.parse(text), text)
  for (const text of [
    '',
    ',',
    '1,',
    ',1',
    '1:',
    ':1',
    '*',
    '1:*',
    '0',
    '1:2:3',
    '1 2',
    'x',
    '1,'.repeat(9_000),
  ]) {
    assert.equal(idSet.safeParse(text).success, false, text.slice(0, 20))
  }
})
