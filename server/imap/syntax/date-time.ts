const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DATE = String.raw`([A-Za-z]{3})-(\d{4})`
const DATE_TEXT = new RegExp(String.raw`^(\d{1,2})-${DATE}$`)
const DATE_TIME = new RegExp(
  String.raw`^( \d|\d{1,2})-${DATE} (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$`,
)
const DAY = 86_400_000

/**
 * Reads the date of a SEARCH key, `1-Feb-1994` (RFC 9051 §9, date-text).
 *
 * @returns Milliseconds since 1970 of its beginning in +0000, the zone that we show dates in; null where it is none
 */
export function readDate(text: string): number | null {
  const match = DATE_TEXT.exec(text)
  if (!match) return null
  const [, day = '', month = '', year = ''] = match
  return midnight(day, month, year)
}

/**
 * Reads a date-time without its quotes, `17-Jul-1996 02:44:25 -0700` (RFC 9051 §9); a day of one digit may do without
 * its space.
 *
 * @returns Milliseconds since 1970; null where it is none
 */
export function readDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text)
  if (!match) return null
  const [, day = '', month = '', year = '', hour, minute, second, sign, east, minutes] = match
  const start = midnight(day, month, year)
  // 60 is a leap second.
  const isTime = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 61
  if (start === null || !isTime || Number(minutes) > 59) return null
  const offset = (Number(east) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1)
  return start + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000
}

function midnight(day: string, monthName: string, year: string): number | null {
  const month = MONTHS.findIndex(name => name.toLowerCase() === monthName.toLowerCase())
  const date = new Date(0)
  date.setUTCFullYear(Number(year), month, Number(day))
  const isDate = month !== -1 && date.getUTCMonth() === month && date.getUTCDate() === Number(day)
  return isDate ? date.getTime() : null
}

/** INTERNALDATE and SAVEDATE without their quotes: 26 characters, always in +0000. Year 0 to 9999. */
export function printDateTime(milliseconds: number): string {
  const time = new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().slice(11, 19)
  return `${printDate(milliseconds).padStart(11)} ${time} +0000`
}

/** The date of a SEARCH key, in +0000. */
export function printDate(milliseconds: number): string {
  const date = new Date(Math.floor(milliseconds / DAY) * DAY)
  const year = String(date.getUTCFullYear()).padStart(4, '0')
  return `${date.getUTCDate()}-${MONTHS[date.getUTCMonth()]}-${year}`
}
