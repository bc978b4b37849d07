import type { Address, MessageSummary } from '../server/http/resources.ts'
import { type TimeZone, timeZone } from './settings.ts'
import { common } from './strings/common.ts'

type Clock = {
  readonly clock: Intl.DateTimeFormat
  readonly day: Intl.DateTimeFormat
  readonly year: Intl.DateTimeFormat
  readonly full: Intl.DateTimeFormat
  readonly moment: Intl.DateTimeFormat
  /** The same for all moments of a day, and of a year. */
  readonly key: Intl.DateTimeFormat
}

const makeClock = (zone: TimeZone): Clock => {
  const make = (options: Intl.DateTimeFormatOptions, locale?: string): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, zone === 'UTC' ? { ...options, timeZone: 'UTC' } : options)
  // An offset is said only where it is not the reader's own.
  const zoneName = zone === 'UTC' ? ({ timeZoneName: 'short' } as const) : {}
  const precise = {
    day: 'numeric',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...zoneName,
  } as const
  return {
    clock: make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    day: make({ day: 'numeric', month: 'short' }),
    year: make({ day: 'numeric', month: 'short', year: 'numeric' }),
    full: make({ ...precise, weekday: 'long', month: 'long' }),
    moment: make({ ...precise, month: 'short' }),
    key: make({ day: 'numeric', month: 'numeric', year: 'numeric' }, 'en-US'),
  }
}

const clocks = new Map<TimeZone, Clock>()
/** In the zone that was chosen: whoever renders it is told when that changes. */
const clockNow = (): Clock => {
  const zone = timeZone.value
  const clock = clocks.get(zone) ?? makeClock(zone)
  clocks.set(zone, clock)
  return clock
}
const numbers = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { notation: 'compact' })

/** `14:02` today, `3 Nov` this year, else with its year. */
export const formatTime = (iso: string, now: Date): string => {
  const time = new Date(iso)
  const { clock, day, year, key } = clockNow()
  const then = key.format(time)
  const today = key.format(now)
  if (then === today) return clock.format(time)
  return (then.slice(-4) === today.slice(-4) ? day : year).format(time)
}

/** `21 Nov 2026, 21:50:24`. */
export const formatMoment = (iso: string): string => clockNow().moment.format(new Date(iso))

export const formatFullTime = (iso: string): string => clockNow().full.format(new Date(iso))

export const formatNumber = (value: number): string => numbers.format(value)

/** `9,999`, then `10K`: where there is little room. */
export const formatShortly = (value: number): string =>
  (value < 10_000 ? numbers : short).format(value)

/** `1 message`, `2 messages`. */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
  `${formatNumber(count)} ${count === 1 ? one : many}`

/** Octets for people: `831 B`, `12 kB`, `3.4 MB`. */
export const formatSize = (octets: number): string => {
  if (octets < 1000) return `${octets} B`
  const units = ['kB', 'MB', 'GB']
  let value = octets / 1000
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export const formatAddress = ({ name, address }: Address): string => name || address

/** Who a message went to, for its row: the To field, or else the envelope. */
export const formatRecipients = (row: Pick<MessageSummary, 'to' | 'rcptTo'>): string => {
  const people = row.to.length > 0 ? row.to.map(formatAddress) : row.rcptTo
  if (people.length === 0) return common.noRecipients
  return people.length > 2
    ? `${people.slice(0, 2).join(', ')} +${people.length - 2}`
    : people.join(', ')
}
