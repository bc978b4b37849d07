import { withoutComments } from './parameters.ts'

/**
 * Reads a date-time (RFC 5322 §3.3, and §4.3 with two-digit years, missing seconds and named zones).
 * ISO 8601 in UTC, null where it cannot be read or no such time exists.
 */
export function readDate(text: string): string | null {
  const read = readDateTime(text)
  if (!read) return null
  return new Date(read.midnight + read.seconds * 1000).toISOString()
}

/**
 * The date alone, whatever the time and the zone: milliseconds since 1970 of the beginning of that day in UTC; null
 * where {@link readDate} says null.
 */
export function readDay(text: string): number | null {
  return readDateTime(text)?.midnight ?? null
}

/** The date as a day in UTC, and what must be added to come to the time. */
function readDateTime(text: string): { midnight: number; seconds: number } | null {
  const match = DATE_TIME.exec(withoutComments(text.slice(0, 256)))
  if (!match) return null
  const [, day, monthName = '', yearText = '', hour, minute, second = '0', zone = ''] = match
  const month = MONTHS.indexOf(monthName.slice(0, 3).toLowerCase())
  const offset = zoneMinutes(zone)
  if (month === -1 || month % 3 !== 0 || offset === null) return null
  const fields = [Number(day), Number(hour), Number(minute), Number(second)] as const
  const [dayNumber, hours, minutes, seconds] = fields
  // 60 is a leap second.
  if (hours > 23 || minutes > 59 || seconds > 60) return null
  const midnight = new Date(Date.UTC(2000, month / 3, dayNumber))
  const year = fullYear(yearText)
  midnight.setUTCFullYear(year, month / 3, dayNumber)
  if (dayNumber === 0 || midnight.getUTCDate() !== dayNumber || year < 1900) return null
  return {
    midnight: midnight.getTime(),
    seconds: (hours * 60 + minutes - offset) * 60 + seconds,
  }
}

const DATE_TIME =
  /^(?:[A-Za-z]{2,9}\.?\s*,?\s*)?(\d{1,2})[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{2,4}),?\s+(\d{1,2})\s*:\s*(\d{2})(?:\s*:\s*(\d{2})(?:\.\d{1,9})?)?(?:\s*(?:GMT|UTC?)?\s*([+-]\d{4}|[A-Za-z]{1,5}))?$/

const MONTHS = 'janfebmaraprmayjunjulaugsepoctnovdec'

/** RFC 5322 §4.3: 00–49 is 2000–2049, any other two or three digits add 1900. */
function fullYear(digits: string): number {
  const year = Number(digits)
  if (digits.length > 3) return year
  return digits.length === 2 && year < 50 ? 2000 + year : 1900 + year
}

/** Minutes east of Greenwich; an unknown name is UTC, as RFC 5322 §4.3 says; null where there is no such zone. */
function zoneMinutes(zone: string): number | null {
  if (zone.startsWith('+') || zone.startsWith('-')) {
    const hours = Number(zone.slice(1, 3))
    const minutes = Number(zone.slice(3))
    if (minutes > 59 || hours > 23) return null
    return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
  }
  return ZONES.get(zone.toUpperCase()) ?? 0
}

const ZONES: ReadonlyMap<string, number> = new Map([
  ['EDT', -240],
  ['EST', -300],
  ['CDT', -300],
  ['CST', -360],
  ['MDT', -360],
  ['MST', -420],
  ['PDT', -420],
  ['PST', -480],
])
