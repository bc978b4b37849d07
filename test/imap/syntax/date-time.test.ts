import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  printDate,
  printDateTime,
  readDate,
  readDateTime,
} from '../../../server/imap/syntax/date-time.ts'

test('a date and time is read with its zone', () => {
  const cases = {
    '17-Jul-1996 02:44:25 -0700': '1996-07-17T09:44:25Z',
    ' 7-Feb-1994 21:52:25 -0800': '1994-02-08T05:52:25Z',
    '7-feb-1994 21:52:25 +0000': '1994-02-07T21:52:25Z',
    '07-FEB-1994 00:00:00 +0530': '1994-02-06T18:30:00Z',
    '29-Feb-2000 23:59:60 +0000': '2000-03-01T00:00:00Z',
    '01-Jan-0001 00:00:00 +0000': '0001-01-01T00:00:00Z',
    '31-Dec-1969 23:59:59 +0000': '1969-12-31T23:59:59Z',
  }
  for (const [text, expected] of Object.entries(cases)) {
    assert.equal(readDateTime(text), Date.parse(expected), text)
  }
})

test('what is no date and time is refused', () => {
  const wrong = [
    '',
    '17-Jul-1996',
    '17-Jul-1996 02:44:25',
    '31-Feb-1996 02:44:25 +0000',
    '29-Feb-1900 02:44:25 +0000',
    '00-Jan-1996 02:44:25 +0000',
    '32-Jan-1996 02:44:25 +0000',
    '17-Foo-1996 02:44:25 +0000',
    '17-Jul-96 02:44:25 +0000',
    '17-Jul-1996 24:00:00 +0000',
    '17-Jul-1996 02:60:25 +0000',
    '17-Jul-1996 02:44:61 +0000',
    '17-Jul-1996 02:44:25 0000',
    '17-Jul-1996 02:44:25 +0060',
    '17-Jul-1996 02:44:25 GMT',
    '17-Jul-1996  02:44:25 +0000',
    '  7-Jul-1996 02:44:25 +0000',
    '17 Jul 1996 02:44:25 +0000',
    '17-Jul-1996 02:44:25 +0000 ',
  ]
  for (const text of wrong) assert.equal(readDateTime(text), null, text)
})

test('dates of SEARCH are read', () => {
  assert.equal(readDate('1-Feb-1994'), Date.parse('1994-02-01T00:00:00Z'))
  assert.equal(readDate('01-feb-1994'), Date.parse('1994-02-01T00:00:00Z'))
  for (const text of ['', ' 1-Feb-1994', '31-Apr-1994', '0-Feb-1994', '1-Feb-94', '1-Febr-1994']) {
    assert.equal(readDate(text), null, text)
  }
})

test('dates are printed in one zone, and 26 octets long', () => {
  assert.equal(printDateTime(Date.parse('1996-07-17T09:44:25.999Z')), '17-Jul-1996 09:44:25 +0000')
  assert.equal(printDateTime(Date.parse('1994-02-07T05:52:25Z')), ' 7-Feb-1994 05:52:25 +0000')
  assert.equal(printDateTime(-1), '31-Dec-1969 23:59:59 +0000')
  assert.equal(printDate(Date.parse('1994-02-01T23:00:00Z')), '1-Feb-1994')
})

test('what is printed reads as the same second', () => {
  const earliest = Date.parse('0000-01-01T00:00:00Z')
  const latest = Date.parse('9999-12-31T23:59:59Z')
  const property = fc.property(fc.integer({ min: earliest, max: latest }), milliseconds => {
    const printed = printDateTime(milliseconds)
    assert.equal(printed.length, 26)
    assert.equal(readDateTime(printed), Math.floor(milliseconds / 1000) * 1000)
    const day = Math.floor(milliseconds / 86_400_000) * 86_400_000
    assert.equal(readDate(printDate(milliseconds)), day)
  })
  fc.assert(property, { seed: 42, numRuns: 2_000 })
})
