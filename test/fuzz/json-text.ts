import type { Random } from '../helpers/random.ts'
import { pattern, query } from './search-text.ts'

const NAMES: readonly string[] = [
  ...[
    'to',
    'cc',
    'bcc',
    'from',
    'replyTo',
    'rcpt',
    'mailFrom',
    'address',
    'subject',
    'text',
    'html',
    'body',
  ],
  ...[
    'header',
    'attachment',
    'hasAttachment',
    'tag',
    'inbox',
    'authUser',
    'unread',
    'minSize',
    'maxSize',
  ],
  ...[
    'since',
    'upto',
    'receivedAfter',
    'receivedBefore',
    'q',
    'any',
    'not',
    'ids',
    'all',
    'except',
    'add',
  ],
  ...[
    'remove',
    'tags',
    'flagged',
    'set',
    'matcher',
    'count',
    'exact',
    'settle',
    'until',
    'name',
    'domain',
  ],
  ...[
    'ttl',
    'smtp',
    'messages',
    'attachments',
    'content',
    'filename',
    'headers',
    'date',
    'cid',
    'contentType',
  ],
  ...[
    'X-Kind',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '',
    '0',
    'length',
  ],
]
const TIMES: readonly string[] = [
  '2026-11-21',
  '2026-11-21T10:00:00Z',
  '1h',
  '9999-99-99',
  'now',
  '10ms',
  '0',
]
const NUMBERS: readonly (number | string)[] = [
  ...[0, 1, -1, 1.5, 1e9, 9_999_999_999, Number.MAX_SAFE_INTEGER, 2 ** 53],
  ...['1e400', '-0', '0.1e-9', '00', '1_000', 'NaN'],
]

/** Text of a JSON value that a call of the API may take, or nearly; `names` are the members it has mostly. */
export const jsonText = (random: Random, names = NAMES, depth = 3): string => {
  const kind = random.integer(depth === 0 ? 5 : 8)
  if (kind === 0) return String(random.pick(NUMBERS))
  if (kind === 1) return random.pick(['true', 'false', 'null', 'undefined', '""'])
  if (kind === 2) return JSON.stringify(pattern(random))
  if (kind === 3) return JSON.stringify(random.pick(TIMES))
  if (kind === 4) return JSON.stringify(query(random, 1))
  if (kind === 5) return `[${list(random, () => jsonText(random, names, depth - 1))}]`
  return jsonObject(random, names, depth)
}

export const jsonObject = (random: Random, names = NAMES, depth = 3): string => {
  const member = () => {
    const name = random.chance(0.8) ? random.pick(names) : random.pick(NAMES)
    return `${JSON.stringify(name)}:${memberValue(random, name, names, depth)}`
  }
  return `{${list(random, member)}}`
}

/** Mostly of the kind that goes with the name. */
const memberValue = (
  random: Random,
  name: string,
  names: readonly string[],
  depth: number,
): string => {
  if (random.chance(0.3) || depth === 0) return jsonText(random, names, Math.max(0, depth - 1))
  if (name === 'any') return `[${jsonObject(random, names, depth - 1)}]`
  if (name === 'not' || name === 'matcher' || name === 'header') {
    return jsonObject(random, name === 'header' ? ['X-Kind', '__proto__'] : names, depth - 1)
  }
  if (name === 'ids') return '[1,2]'
  if (name.startsWith('received')) return JSON.stringify(random.pick(TIMES))
  if (name === 'since' || name === 'upto' || name.endsWith('Size'))
    return String(random.pick(NUMBERS))
  if (['unread', 'hasAttachment', 'all', 'flagged'].includes(name)) return 'true'
  return JSON.stringify(pattern(random))
}

const list = (random: Random, make: () => string): string =>
  Array.from({ length: random.integer(5) }, make).join(',')
