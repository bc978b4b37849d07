import type { Address, MessageSummary } from '../server/http/resources.ts'

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })
const year = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' })
const full = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'full',
  timeStyle: 'medium',
  hourCycle: 'h23',
})
const moment = new Intl.DateTimeFormat(undefined, {
  dateStyle: 'medium',
  timeStyle: 'medium',
  hourCycle: 'h23',
})
const numbers = new Intl.NumberFormat()
const short = new Intl.NumberFormat(undefined, { notation: 'compact' })

/** `14:02` today, `3 Nov` this year, else with its year. */
export const formatTime = (iso: string, now: Date): string => {
  const time = new Date(iso)
  if (time.toDateString() === now.toDateString()) return clock.format(time)
  return (time.getFullYear() === now.getFullYear() ? day : year).format(time)
}

/** `21 Nov 2026, 21:50:24`. */
export const formatMoment = (iso: string): string => moment.format(new Date(iso))

export const formatFullTime = (iso: string): string => full.format(new Date(iso))

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
  if (people.length === 0) return 'no recipients'
  return people.length > 2
    ? `${people.slice(0, 2).join(', ')} +${people.length - 2}`
    : people.join(', ')
}
