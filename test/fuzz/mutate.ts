import type { Random } from '../helpers/random.ts'

/** Longer inputs are cut: what grows with its input is judged by `growth.ts`, on purpose and in steps. */
const MAX_OCTETS = 16 * 1024

/** What readers of text trip over: ends of lines, quotes, brackets that never close, and what looks like nothing. */
const INTERESTING: readonly Buffer[] = [
  ...['\r\n', '\n', '\r', '\r\n\r\n', '\n\n', '\r\n.\r\n', '\n.\n', '\r\n ', '\r\n\t', '\r\r\n'],
  ...[
    '\0',
    '\x01',
    '\x08',
    '\x1b[2J',
    '\x7f',
    '\t',
    ' ',
    '  ',
    '.',
    '..',
    '-',
    '--',
    '*',
    '%',
    '%00',
  ],
  ...[
    '"',
    "'",
    '\\',
    '\\"',
    '""',
    '(',
    ')',
    '()',
    '((((((((',
    '<',
    '>',
    '<>',
    '[',
    ']',
    '{',
    '}',
    '{}',
  ],
  ...[
    ':',
    ';',
    ',',
    '=',
    '==',
    '=?',
    '?=',
    '=?utf-8?q?',
    '=?utf-8?b?',
    '=\r\n',
    '=3D',
    '@',
    '&',
    '#',
  ],
  ...['{1}\r\n', '{1+}\r\n', '{99999999999}', '~{5}', 'NIL', 'nil', 'true', 'null', 'NaN', '1e999'],
  ...[
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    '../',
    '/',
    '//',
    '%2e%2e%2f',
    '%',
    '%zz',
  ],
  ...[
    '--=\r\n',
    '--boundary',
    '\r\nFrom ',
    '>From ',
    'begin 644 x\n',
    '`\nend\n',
    '<!--',
    '-->',
    '<![CDATA[',
  ],
  ...['&#x110000;', '&amp', '&#0;', 'data:', 'cid:', 'javascript:', 'http://[', 'xn--', '0x7f.1'],
].map(text => Buffer.from(text, 'latin1'))

/** UTF-8 that is seen as something else: bidi controls, joiners, a mark that begins files, and what is no UTF-8 at all. */
const FOREIGN: readonly Buffer[] = [
  ...['\u202e', '\u2066', '\u2069', '\u200b', '\u200d', '\ufeff', '\u2028', '\u0301', '\u00ad'],
  ...[
    'é',
    'ß',
    'İ',
    'ſ',
    'ﬀ',
    'Å',
    '日本',
    '😀',
    '👩‍👧',
    '\u{10ffff}',
    '\ufffd',
    '\uffff',
    '\u00a0',
  ],
]
  .map(text => Buffer.from(text))
  .concat(
    [
      '\x80',
      '\xff',
      '\xfe\xff',
      '\xc0\x80',
      '\xc3',
      '\xe2\x80',
      '\xed\xa0\x80',
      '\xf4\x90\x80\x80',
    ].map(text => Buffer.from(text, 'latin1')),
  )

const NUMBERS: readonly string[] = [
  ...['0', '-0', '-1', '1', '00', '01', '127', '128', '255', '256', '998', '65535', '65536', '1e9'],
  ...[
    '2147483647',
    '2147483648',
    '4294967295',
    '4294967296',
    '9007199254740991',
    '9007199254740993',
  ],
  ...['18446744073709551616', '99999999999999999999999999', '0x10', '1.5', '+1', '١', ''],
]

/** A slice of it, as `[start, end)`, mostly short. */
const sliceOf = (octets: Buffer, random: Random): [start: number, end: number] => {
  const start = random.integer(octets.length + 1)
  const longest = octets.length - start
  const length = random.chance(0.7)
    ? Math.min(longest, random.integer(24))
    : random.integer(longest + 1)
  return [start, start + length]
}

const replaced = (octets: Buffer, [start, end]: [number, number], by: Uint8Array): Buffer =>
  Buffer.concat([octets.subarray(0, start), by, octets.subarray(end)])

const inserted = (octets: Buffer, random: Random, what: Uint8Array): Buffer => {
  const at = random.integer(octets.length + 1)
  return replaced(octets, [at, at], what)
}

/** Puts something else for one of the places where the pattern matches. */
const swapped = (octets: Buffer, random: Random, pattern: RegExp, by: () => string): Buffer => {
  const places = [...octets.toString('latin1').matchAll(pattern)]
  if (places.length === 0) return octets
  const place = random.pick(places)
  const range: [number, number] = [place.index, place.index + place[0].length]
  return replaced(octets, range, Buffer.from(by(), 'latin1'))
}

type Change = (octets: Buffer, random: Random, other: () => Uint8Array) => Buffer

const changes: readonly Change[] = [
  function flipBit(octets, random) {
    if (octets.length === 0) return octets
    const copy = Buffer.from(octets)
    const at = random.integer(copy.length)
    copy[at] = (copy[at] ?? 0) ^ (1 << random.integer(8))
    return copy
  },
  (octets, random) => inserted(octets, random, Buffer.from([random.integer(256)])),
  (octets, random) => inserted(octets, random, random.pick(INTERESTING)),
  (octets, random) => inserted(octets, random, random.pick(INTERESTING)),
  (octets, random) => inserted(octets, random, random.pick(FOREIGN)),
  (octets, random) => replaced(octets, sliceOf(octets, random), random.pick(INTERESTING)),
  function removeSlice(octets, random) {
    return replaced(octets, sliceOf(octets, random), Buffer.alloc(0))
  },
  function repeatSlice(octets, random) {
    const [start, end] = sliceOf(octets, random)
    if (start === end) return octets
    const most = Math.max(1, Math.floor(MAX_OCTETS / (end - start)))
    const times = Math.min(most, 1 << random.integer(random.chance(0.1) ? 13 : 5))
    const again = Buffer.alloc((end - start) * times, octets.subarray(start, end))
    return replaced(octets, [end, end], again)
  },
  function moveSlice(octets, random) {
    const slice = sliceOf(octets, random)
    const moved = Buffer.from(octets.subarray(...slice))
    return inserted(replaced(octets, slice, Buffer.alloc(0)), random, moved)
  },
  (octets, random) => octets.subarray(0, random.integer(octets.length + 1)),
  (octets, random) => octets.subarray(random.integer(octets.length + 1)),
  function splice(octets, random, other) {
    const from = Buffer.from(other())
    return replaced(octets, sliceOf(octets, random), from.subarray(...sliceOf(from, random)))
  },
  (octets, random) => swapped(octets, random, /\d+/g, () => random.pick(NUMBERS)),
  (octets, random) =>
    swapped(octets, random, /\r\n/g, () => random.pick(['\n', '\r', '\n\r', '', '\r\n\r\n'])),
  (octets, random) => swapped(octets, random, /\n/g, () => random.pick(['\r\n', '\r', '\0\n'])),
  (octets, random) =>
    swapped(octets, random, /[()<>[\]{}"]/g, () => random.pick(['', '(', ')', '"', '[', '{'])),
  (octets, random) =>
    swapped(octets, random, /[a-z]+/gi, () =>
      random.pick(['', 'A', 'content-type', 'x'.repeat(300)]),
    ),
  function otherLineEnds(octets, random) {
    const end = random.pick(['\n', '\r', '\r\n'])
    return Buffer.from(octets.toString('latin1').replace(/\r\n|\r|\n/g, end), 'latin1')
  },
]

/**
 * Breaks octets in a few places, mostly; one of eight is left as it is, so that what is right is tried too.
 *
 * @param other makes another input to splice from; without it, slices of the same one are taken.
 */
export const mutate = (input: Uint8Array, random: Random, other = () => input): Uint8Array => {
  let octets = Buffer.from(input)
  if (random.chance(1 / 8)) return octets
  const rounds = 1 + random.integer(random.chance(0.2) ? 16 : 4)
  for (let round = 0; round < rounds; round += 1) {
    octets = Buffer.from(random.pick(changes)(octets, random, other).subarray(0, MAX_OCTETS))
  }
  return octets
}
