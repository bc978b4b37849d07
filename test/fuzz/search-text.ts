import type { Random } from '../helpers/random.ts'
import { several } from './several.ts'

const OPERATORS: readonly string[] = [
  ...[
    'from',
    'to',
    'cc',
    'bcc',
    'reply-to',
    'rcpt',
    'addressed',
    'subject',
    'body',
    'message-id',
    'header',
  ],
  ...[
    'tag',
    'inbox',
    'user',
    'filename',
    'has',
    'is',
    'after',
    'before',
    'newer',
    'older',
    'larger',
  ],
  ...['smaller', 'From', 'x', 'constructor', '__proto__', 'a-b'],
]
const VALUES: readonly string[] = [
  ...[
    'ann',
    'ann@example.com',
    '<ann@example.com>',
    '*',
    'a*b',
    '**',
    '"two words"',
    '"',
    '""',
    '\\/a',
  ],
  ...[
    'attachment',
    'inline',
    'code',
    'link',
    'read',
    'unread',
    'tagged',
    '2d',
    '99999999d',
    '10k',
    '1M',
  ],
  ...[
    '2026-11-21',
    '2026-02-31',
    '2026-11-21T10:00',
    'X-Kind=receipt',
    'X=',
    '=',
    'é',
    'İ',
    'ﬀ',
    '\u0301',
  ],
  ...[
    '/a/',
    '/a|b/i',
    '/(a*)*b/',
    '/(/',
    '/[/',
    '/a{1000}{1000}/',
    '/\\p{L}+/',
    '/^.*.*.*$/i',
    '/\\',
    '/ /',
  ],
]
const SIGNS: readonly string[] = ['', '', '', '-', '!', '--', '-!-']

/** A regular expression, or nearly one. */
const expression = (random: Random): string => {
  const pieces = [
    'a',
    'b*',
    '.',
    '.*',
    '(',
    ')',
    '(?:',
    '|',
    '[a-z]',
    '[^',
    ']',
    '{2,}',
    '{9,999}',
    '+?',
    '\\d',
    '\\',
    '^',
    '$',
    '(?i)',
    '\\/',
  ]
  return `/${several(random, 8, () => random.pick(pieces))}/${random.pick(['', 'i'])}`
}

export const pattern = (random: Random): string =>
  random.chance(0.25) ? expression(random) : random.pick(VALUES)

const term = (random: Random, depth: number): string => {
  const sign = random.pick(SIGNS)
  if (depth > 0 && random.chance(0.2)) return `${sign}(${query(random, depth - 1)})`
  if (random.chance(0.3)) return sign + random.pick(VALUES)
  return `${sign}${random.pick(OPERATORS)}:${pattern(random)}`
}

/** The language of the search box, mostly. */
export const query = (random: Random, depth = 3): string =>
  several(random, 5, () => term(random, depth), random.pick([' ', ' ', ' OR ', '  ', '']))
