import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDate, readDay } from '../../server/mime/date.ts'

test('RFC 5322 §3.3 and appendix A', () => {
  assert.equal(readDate('Fri, 21 Nov 1997 09:55:06 -0600'), '1997-11-21T15:55:06.000Z')
  assert.equal(
    readDate('Thu,\t13\tFeb\t1969\t23:32:00\t-0330 (Newfoundland Time)'),
    '1969-02-14T03:02:00.000Z',
  )
  assert.equal(readDate('1 Jul 2003 10:52 +0200'), '2003-07-01T08:52:00.000Z')
  assert.equal(readDate('Tue, 10 Mar 2026 10:00:00 +0100'), '2026-03-10T09:00:00.000Z')
})

test('obsolete years and zones (§4.3)', () => {
  assert.equal(readDate('21 Nov 97 09:55:06 GMT'), '1997-11-21T09:55:06.000Z')
  assert.equal(readDate('21 Nov 26 09:55:06 EST'), '2026-11-21T14:55:06.000Z')
  assert.equal(readDate('21 Nov 126 09:55:06 Z'), '2026-11-21T09:55:06.000Z')
  assert.equal(readDate('Sun, 07 Feb 2010 14:02:38 PST'), '2010-02-07T22:02:38.000Z')
  assert.equal(readDate('Tue, 10 Mar 2026 10:00:00 GMT+0100'), '2026-03-10T09:00:00.000Z')
  assert.equal(readDate('Tue, 10 Mar 2026 10:00:00'), '2026-03-10T10:00:00.000Z')
})

test('the date alone, whatever time and zone', () => {
  const day = Date.parse('1997-11-21T00:00:00Z')
  for (const time of ['00:00:00 +1400', '23:59:60 -1200', '09:55 EST', '12:00:00']) {
    assert.equal(readDay(`Fri, 21 Nov 1997 ${time}`), day, time)
  }
  assert.equal(readDay('29 Feb 2023 00:00:00 +0000'), null)
  assert.equal(readDay(''), null)
})

test('months by their names, whatever the case', () => {
  const names = [
    'jan',
    'FEB',
    'Mar',
    'Apr',
    'May',
    'June',
    'Jul',
    'aug',
    'Sept',
    'Oct',
    'Nov',
    'December',
  ]
  names.forEach((name, month) => {
    assert.equal(new Date(readDate(`3 ${name} 2026 00:00:00 +0000`) ?? 0).getUTCMonth(), month)
  })
})

test('leap days and seconds', () => {
  assert.equal(readDate('29 Feb 2024 00:00:00 +0000'), '2024-02-29T00:00:00.000Z')
  assert.equal(readDate('29 Feb 2023 00:00:00 +0000'), null)
  assert.equal(readDate('31 Dec 2016 23:59:60 +0000'), '2017-01-01T00:00:00.000Z')
})

test('null where there is no such time', () => {
  for (const text of [
    '',
    'now',
    'Thu, 32 Foo 20226 99:99:99 +9999',
    '0 Jan 2026 00:00:00 +0000',
    '1 Jan 2026 24:00:00 +0000',
    '1 Jan 2026 00:60:00 +0000',
    '1 Anu 2026 00:00:00 +0000',
    '1 Jan 2026 00:00:00 +0060',
    '2026-03-10T10:00:00Z',
    `1 Jan 2026 ${' '.repeat(300)}00:00`,
    '1'.repeat(100_000),
  ]) {
    assert.equal(readDate(text), null, text.slice(0, 40))
  }
})
