import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { calendarLimits, readCalendar } from '../../../web/parts/calendar.ts'

const calendar = [
  'BEGIN:VCALENDAR',
  'METHOD:REQUEST',
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'END:VTIMEZONE',
  'BEGIN:VEVENT',
  'SUMMARY:A long',
  '  name\\, of it\\nall',
  'DTSTART;TZID=Europe/Berlin:20261121T140000',
  'DTEND:20261121T143000Z',
  'RECURRENCE-ID;VALUE=DATE:20261122',
  'ORGANIZER;CN="Ann; Lee":mailto:ann@x.example',
  'ATTENDEE:mailto:bob@x.example',
  'BEGIN:VALARM',
  'TRIGGER:-PT5M',
  'END:VALARM',
  'nonsense',
  'END:VEVENT',
  'END:VCALENDAR',
].join('\r\n')

describe('a calendar', () => {
  it('tells its events in words', () => {
    assert.deepEqual(readCalendar(calendar), {
      method: 'REQUEST',
      items: [
        {
          type: 'VEVENT',
          properties: [
            { name: 'SUMMARY', value: 'A long name, of it\nall' },
            { name: 'DTSTART', value: '2026-11-21 14:00 Europe/Berlin' },
            { name: 'DTEND', value: '2026-11-21 14:30 UTC' },
            { name: 'RECURRENCE-ID', value: '2026-11-22' },
            { name: 'ORGANIZER', value: 'Ann; Lee <ann@x.example>' },
            { name: 'ATTENDEE', value: 'bob@x.example' },
          ],
        },
      ],
    })
  })

  it('is nothing where it is none, and has limits', () => {
    for (const text of ['', 'END:VEVENT', 'BEGIN:VEVENT', 'BEGIN:'.repeat(1_000)]) {
      assert.deepEqual(readCalendar(text).items, [])
    }
    const many = readCalendar('BEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n'.repeat(10_000))
    assert.equal(many.items.length, calendarLimits.items)
    const start = performance.now()
    readCalendar(`X;${'"a'.repeat(200_000)}`)
    readCalendar('BEGIN:VEVENT\n'.repeat(50_000))
    assert.ok(performance.now() - start < 2_000)
  })
})
