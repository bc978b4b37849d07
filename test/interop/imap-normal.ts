import type { Answer } from './imap-line.ts'
import { pairsOf, readValues, type Value } from './imap-value.ts'
import { expand, type UidNames } from './uid-names.ts'

/** What is asked, in which mailbox, and how UIDs are called there. */
type Context = {
  readonly command: string
  readonly mailbox: string
  readonly isUid: boolean
  readonly names: UidNames
}

/**
 * An answer without what a server may choose: words behind OK, NO and BAD, numbers of UIDs and mod-sequences, dates of
 * arrival, the order of responses and of the items in them, and the form of a string.
 */
export function normaliseAnswer(
  command: string,
  { untagged, tagged }: Answer,
  names: UidNames,
  mailbox = '',
): readonly string[] {
  const context = { command, mailbox, isUid: /^UID /i.test(command), names }
  const lines: string[] = []
  const fetched = new Map<string, Map<string, string>>()
  const expunged: number[] = []
  for (const response of untagged) {
    const [first = '', second = '', third] = readValues(response)
    if (second === 'FETCH') {
      // A server may say the flags apart.
      const items = fetched.get(String(first)) ?? new Map<string, string>()
      fetched.set(String(first), items)
      for (const [name, value] of pairsOf(third as readonly Value[])) {
        const [key, text] = fetchItem(name, value, context)
        items.set(key, text)
      }
    } else if (second === 'EXPUNGE') expunged.push(Number(first))
    else lines.push(untaggedResponse(response, context))
  }
  for (const [number, items] of fetched) {
    // It may stand in any FETCH response (RFC 9051 §7.5.2).
    if (!/\bUID\b/i.test(command)) items.delete('UID')
    const sorted = [...items].map(([name, text]) => `${name} ${text}`).toSorted()
    lines.push(`${number} FETCH ${sorted.join(' ')}`)
  }
  if (expunged.length > 0) lines.push(`EXPUNGE of ${originals(expunged).join(' ')}`)
  const isSelecting = /^(?:SELECT|EXAMINE)\b/i.test(command)
  const told = lines.filter(line => !UNEVEN.test(line) && (isSelecting || !KEYWORDS.test(line)))
  return [...told.toSorted(), status(tagged, context).replace(/ \[(?:MAILBOXID N|CLIENTBUG)\]/, '')]
}

/**
 * What only one of them says, or not always: OBJECTID (RFC 8474) is ours alone, and the highest mod-sequence must be told
 * only where somebody has asked for mod-sequences (RFC 7162 §3.1.2.1).
 */
const UNEVEN = /^OK \[(?:MAILBOXID|HIGHESTMODSEQ) N\]$/

/** Which keywords there are, told anew: Dovecot counts every one that was ever named, in a search too. */
const KEYWORDS = /^(?:FLAGS |OK \[PERMANENTFLAGS )/

/** The numbers that the expunged messages had before the first went, whatever the order they went in. */
function originals(numbers: readonly number[]): readonly number[] {
  const gone: number[] = []
  for (const number of numbers) {
    let original = number
    for (const earlier of gone.toSorted((a, b) => a - b)) if (earlier <= original) original++
    gone.push(original)
  }
  return gone.toSorted((a, b) => a - b)
}

function untaggedResponse(response: string, context: Context): string {
  const [word = '', ...values] = readValues(response)
  const { names, mailbox, isUid } = context
  const numbers = (list: readonly Value[]) => {
    const all = list.filter(value => typeof value === 'string').map(Number)
    return isUid ? names.call(mailbox, all) : all
  }
  switch (String(word).toUpperCase()) {
    case 'OK':
    case 'NO':
    case 'BAD':
    case 'BYE':
    case 'PREAUTH':
      return status(response, context)
    case 'CAPABILITY':
    case 'ID':
      return String(word)
    case 'FLAGS':
      return `FLAGS ${flags(values[0] ?? null)}`
    case 'ENABLED':
      return `ENABLED ${values.map(String).toSorted().join(' ')}`
    case 'LIST':
    case 'LSUB': {
      const [attributes = null, delimiter, name, extended] = values
      // INBOX is INBOX however it is written.
      const called = /^inbox$/i.test(String(name)) ? 'INBOX' : name
      return `${word} ${flags(attributes)} ${show([delimiter ?? null, called ?? null])} ${show(extended ?? [])}`
    }
    case 'STATUS': {
      const [name, items] = values
      const pairs = [...pairsOf(items as readonly Value[])]
      const shown = pairs.map(([item, value]) => `${item} ${isOwn(item) ? 'N' : show(value)}`)
      return `STATUS ${String(name).replace(/^inbox$/i, 'INBOX')} ${shown.toSorted().join(' ')}`
    }
    case 'SEARCH':
    case 'SORT': {
      const hasModseq = values.some(Array.isArray)
      return `${word} ${numbers(values).join(' ')}${hasModseq ? ' (MODSEQ N)' : ''}`
    }
    case 'ESEARCH':
      return esearch(values, context)
    case 'THREAD':
      return response.replace(/\d+/g, number => String(numbers([number])[0])).trim()
    case 'VANISHED': {
      const set = String(values.at(-1))
      const isEarlier = values.length > 1
      return `VANISHED${isEarlier ? ' EARLIER' : ''} ${names.call(mailbox, expand(set)).join(' ')}`
    }
    default:
      return show([word, ...values])
  }
}

/** `ESEARCH (TAG "t1") UID COUNT 3 ALL 1:3` */
function esearch(values: readonly Value[], { names, mailbox }: Context): string {
  const rest = values.filter(value => !Array.isArray(value))
  const isUid = rest[0] === 'UID'
  const shown = [...pairsOf(isUid ? rest.slice(1) : rest)].map(([name, value]) => {
    if (name === 'MODSEQ') return 'MODSEQ N'
    if (name === 'COUNT') return `COUNT ${value}`
    const all = expand(String(value))
    return `${name} ${(isUid ? names.call(mailbox, all) : all).join(' ')}`
  })
  return `ESEARCH${isUid ? ' UID' : ''} ${shown.toSorted().join(' ')}`
}

/** `OK`, `NO` or `BAD` with its response code; the words behind are the server's own. */
function status(text: string, { command, mailbox, names, isUid }: Context): string {
  const [, word = text, code] = /^(\S+)(?: \[((?:[^\]"]|"[^"]*")*)\])?/.exec(text) ?? []
  if (code === undefined) return word
  const [name = '', ...values] = readValues(code)
  switch (String(name).toUpperCase()) {
    case 'COPYUID': {
      const target = targetOf(command)
      const [, from = '', to = ''] = values.map(String)
      const sources = names.call(mailbox, expand(from))
      const targets = names.call(target, expand(to))
      return `${word} [COPYUID ${sources.join(' ')} ${targets.join(' ')}]`
    }
    case 'APPENDUID': {
      const appended = names.call(mailboxOf(command), expand(String(values[1])))
      return `${word} [APPENDUID ${appended.join(' ')}]`
    }
    case 'MODIFIED': {
      const all = expand(String(values[0]))
      return `${word} [MODIFIED ${(isUid ? names.call(mailbox, all) : all).join(' ')}]`
    }
    case 'PERMANENTFLAGS':
      return `${word} [PERMANENTFLAGS ${flags(values[0] ?? null)}]`
    case 'CAPABILITY':
    case 'BADCHARSET':
      return `${word} [${name}]`
    default:
      return isOwn(String(name)) ? `${word} [${name} N]` : `${word} [${code}]`
  }
}

/** The first word behind the command, as a name of a mailbox. */
export const mailboxOf = (command: string): string => {
  const name = /^\S+ (?:"([^"]*)"|(\S+))/.exec(command)
  const found = name?.[1] ?? name?.[2] ?? ''
  return /^inbox$/i.test(found) ? 'INBOX' : found
}

/** The mailbox that COPY and MOVE name last. */
function targetOf(command: string): string {
  const name = /(?:"([^"]*)"|(\S+))$/.exec(command)
  const found = name?.[1] ?? name?.[2] ?? ''
  return /^inbox$/i.test(found) ? 'INBOX' : found
}

const OWN = /^(?:UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ|MAILBOXID)$/i

/** Whether the value of a code or status item is the server's own. */
const isOwn = (name: string): boolean => OWN.test(name)

const DATE = /^[ \d]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d [+-]\d{4}$/

function fetchItem(name: string, value: Value, { names, mailbox }: Context): [string, string] {
  const key = name.replaceAll('"', '')
  if (key === 'UID') return [key, String(names.call(mailbox, [Number(value)]))]
  if (key === 'FLAGS') return [key, flags(value)]
  if (key === 'INTERNALDATE' || key === 'SAVEDATE') {
    return [key, DATE.test(String(value)) ? 'a date' : show(value)]
  }
  if (key === 'MODSEQ') return [key, '(N)']
  if (/^(?:EMAILID|THREADID)$/.test(key)) return [key, value === null ? 'NIL' : '(an id)']
  // Types and parameters are of either case (RFC 2045 §5.1).
  if (key === 'BODY' || key === 'BODYSTRUCTURE') return [key, show(value).toLowerCase()]
  return [key, show(value)]
}

const flags = (value: Value): string =>
  Array.isArray(value) ? `(${value.map(String).toSorted().join(' ')})` : show(value)

/** One line, whatever is in it. */
function show(value: Value): string {
  if (value === null) return 'NIL'
  if (typeof value === 'string') return JSON.stringify(value)
  return `(${value.map(show).join(' ')})`
}

/**
 * Whether two answers say the same. Ours may give a reason, as a response code, where Dovecot gives none or another, and
 * may tell of children and special uses in any LIST (RFC 5258 §3).
 */
export const agree = (ours: readonly string[], theirs: readonly string[]): boolean =>
  ours.length === theirs.length &&
  ours.toSorted(byName).every((line, index) => isAsGood(line, theirs.toSorted(byName)[index] ?? ''))

function isAsGood(line: string, their: string): boolean {
  if (line === their) return true
  if (/^(?:NO|BAD)\b/.test(their)) return line.split(' ')[0] === their.split(' ')[0]
  const [, word, attributes = '', rest] = LISTED.exec(line) ?? []
  const [, itsWord, itsAttributes = '', itsRest] = LISTED.exec(their) ?? []
  if (word === undefined || word !== itsWord || rest !== itsRest) return false
  const [own, its] = [new Set(attributes.split(' ')), new Set(itsAttributes.split(' '))]
  // A mailbox that is not there cannot be selected (RFC 5258 §3).
  if (own.has('\\NonExistent')) its.add('\\Noselect').add('\\NonExistent')
  return (
    [...its].every(attribute => attribute === '' || own.has(attribute)) &&
    [...own].every(attribute => its.has(attribute) || UNASKED.test(attribute))
  )
}

const LISTED = /^(LIST|LSUB) \(([^)]*)\) (.*)$/s
const UNASKED = /^$|^\\(?:HasChildren|HasNoChildren|Archive|Drafts|Junk|Sent|Trash)$/

/** Lists in the order of the names, whatever is said of them. */
const byName = (one: string, other: string): number => {
  const [a, b] = [one, other].map(line => line.replace(/ \([^)]*\)/, ''))
  return (a ?? '') < (b ?? '') ? -1 : 1
}
