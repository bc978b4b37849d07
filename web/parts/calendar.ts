/** A component of a calendar (RFC 5545 §3.6), with the properties that a person asks for. */
export type CalendarItem = {
  /** `VEVENT`, `VTODO`, … */
  readonly type: string
  /** In the order in which they stand. */
  readonly properties: readonly { readonly name: string; readonly value: string }[]
}

export const calendarLimits = { items: 200, properties: 30 }

/** Not of interest by themselves. */
const outer: ReadonlySet<string> = new Set([
  'VCALENDAR',
  'VTIMEZONE',
  'STANDARD',
  'DAYLIGHT',
  'VALARM',
])

/** Reads the events, tasks and the like of an iCalendar text; what is malformed is passed over. Linear. */
export const readCalendar = (text: string): { method: string; items: readonly CalendarItem[] } => {
  const items: CalendarItem[] = []
  const open: { type: string; properties: { name: string; value: string }[] }[] = []
  let method = ''
  // Folded lines (RFC 5545 §3.1).
  for (const line of text.replace(/\r?\n[ \t]/g, '').split(/\r?\n/)) {
    const match = /^([\w-]{1,60})((?:;(?:[^":;]|"[^"]*")*)*):(.*)$/.exec(line)
    if (!match) continue
    const [, key = '', parameters = '', value = ''] = match
    const name = key.toUpperCase()
    const inner = open.at(-1)
    if (name === 'BEGIN') {
      if (open.length < 20) open.push({ type: value.trim().toUpperCase(), properties: [] })
    } else if (name === 'END') {
      const done = open.pop()
      if (done && !outer.has(done.type) && items.length < calendarLimits.items) items.push(done)
    } else if (name === 'METHOD' && inner?.type === 'VCALENDAR') method = value.trim()
    else if (inner && inner.properties.length < calendarLimits.properties) {
      const shown = shownValue(name, parameters, value)
      if (shown !== '') inner.properties.push({ name, value: shown })
    }
  }
  return { method, items }
}

const shownValue = (name: string, parameters: string, value: string): string => {
  const parameter = (key: string): string =>
    new RegExp(`;${key}=(?:"([^"]*)"|([^;:]*))`, 'i').exec(parameters)?.slice(1).join('') ?? ''
  const text = value
    .replace(/\\n/gi, '\n')
    .replace(/\\([,;\\])/g, '$1')
    .trim()
  if (/^(?:DTSTART|DTEND|DUE|RECURRENCE-ID)$/.test(name)) {
    return [dateOf(text), parameter('TZID')].filter(Boolean).join(' ')
  }
  if (name === 'ORGANIZER' || name === 'ATTENDEE') {
    const address = text.replace(/^mailto:/i, '')
    const common = parameter('CN')
    return common === '' || common === address ? address : `${common} <${address}>`
  }
  return text
}

/** `20261121T140000Z` as `2026-11-21 14:00 UTC`. */
const dateOf = (text: string): string => {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?$/.exec(text)
  if (!match) return text
  const [, year, month, day, hour, minute, utc] = match
  const time = hour === undefined ? '' : ` ${hour}:${minute}${utc ? ' UTC' : ''}`
  return `${year}-${month}-${day}${time}`
}
