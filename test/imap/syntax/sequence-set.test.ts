import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  includesNumber,
  largestNumber,
  type NumberRange,
  namesLast,
  positionsOfSequenceNumbers,
  positionsOfUids,
  printSequenceSet,
  readSequenceSet,
  type Span,
} from '../../../server/imap/syntax/sequence-set.ts'

const ranges = (text: string): readonly NumberRange[] => {
  const read = readSequenceSet(text)
  assert.ok(read?.set.kind === 'ranges', text)
  assert.equal(read.end, text.length, text)
  return read.set.ranges
}

const show = (ranges: readonly NumberRange[]): string =>
  ranges
    .map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`))
    .join(',')
    .replaceAll('Infinity', '*')

const positions = (spans: readonly Span[]): number[] =>
  spans.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at))

test('sets come out ascending, overlaps and neighbours made one', () => {
  const cases = {
    '1': '1',
    '*': '*',
    '4:2': '2:4',
    '*:4': '4:*',
    '*:*': '*',
    '2,4:7,9,12:*': '2,4:7,9,12:*',
    '*:4,5:7': '4:*',
    '3,1,2': '1:3',
    '5:6,1:2,2:3,10,4': '1:6,10',
    '1:10,3,2:4': '1:10',
    '7,7,7': '7',
    '5,*': '5,*',
    '1:4294967295': '1:4294967295',
  }
  for (const [text, expected] of Object.entries(cases)) assert.equal(show(ranges(text)), expected)
  assert.deepEqual(readSequenceSet('$'), { set: { kind: 'saved' }, end: 1 })
})

test('a set is read where it starts, up to where it ends', () => {
  assert.deepEqual(readSequenceSet('UID 1:3 (FLAGS)', 4)?.end, 7)
  assert.deepEqual(readSequenceSet('$ x')?.end, 1)
  assert.equal(readSequenceSet('1 2', 1), null)
})

test('what is no set is refused', () => {
  const wrong = ['', 'a', '0', '01', '1:', ':1', '1,', ',1', '1,,2', '1:2:3', '-1', '1,$', '$,1']
  for (const text of [...wrong, '4294967296', '1:99999999999', '0:1', '1:0', '**', '1*']) {
    const read = readSequenceSet(text)
    assert.ok(read === null || read.end < text.length, text)
  }
})

test('32 000 single numbers are read, in whatever order', () => {
  const odd = Array.from({ length: 32_000 }, (_, at) => 2 * at + 1)
  assert.equal(ranges(odd.join(',')).length, 32_000)
  assert.equal(ranges(odd.reverse().join(',')).length, 32_000)
})

test('the star is the last message, wherever that is', () => {
  const uids = [3, 5, 8, 13]
  const find = (text: string) => positions(positionsOfUids(ranges(text), uids)).map(at => uids[at])
  assert.deepEqual(find('*'), [13])
  assert.deepEqual(find('5:*'), [5, 8, 13])
  assert.deepEqual(find('3291:*'), [13])
  assert.deepEqual(find('4:6,*'), [5, 13])
  assert.deepEqual(find('1:2,14:20'), [])
  assert.deepEqual(find('8,3291:*'), [8, 13])
  assert.deepEqual(positionsOfUids(ranges('*,1:*'), []), [])
  assert.deepEqual(positions(positionsOfSequenceNumbers(ranges('2:3,9,*'), 4)), [1, 2, 3])
  assert.deepEqual(positionsOfSequenceNumbers(ranges('1:5,*'), 0), [])
})

test('the largest number and the star are known', () => {
  const known = (text: string) => [namesLast(ranges(text)), largestNumber(ranges(text))]
  assert.deepEqual(known('1:4,9'), [false, 9])
  assert.deepEqual(known('1:4,7:*'), [true, 7])
  assert.deepEqual(known('1:4,*'), [true, 4])
  assert.deepEqual(known('*'), [true, 0])
  assert.deepEqual([namesLast([]), largestNumber([])], [false, 0])
})

const number = fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant('*' as const))
const part = fc.oneof(
  number.map(String),
  fc.tuple(number, number).map(([first, last]) => `${first}:${last}`),
)
const set = fc.array(part, { minLength: 1, maxLength: 8 }).map(parts => parts.join(','))

/** The obvious way, by counting. */
const named = (text: string, highest: number): Set<number> => {
  const value = (digits: string) => (digits === '*' ? highest : Number(digits))
  const all = new Set<number>()
  for (const part of text.split(',')) {
    const [first = '', last = first] = part.split(':')
    const [low, high] = [value(first), value(last)].sort((a, b) => a - b) as [number, number]
    for (let number = low; number <= high; number++) all.add(number)
  }
  return all
}

test('what a set names is what counting gives', () => {
  const property = fc.property(
    set,
    fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { maxLength: 20 }),
    (text, unsorted) => {
      const uids = unsorted.sort((a, b) => a - b)
      const highest = uids.at(-1) ?? 0
      const expected = uids.filter(uid => named(text, highest).has(uid))
      const read = ranges(text)
      const found = positions(positionsOfUids(read, uids)).map(at => uids[at])
      assert.deepEqual(found, expected)
      assert.deepEqual(
        uids.filter(uid => includesNumber(read, uid, highest)),
        expected,
      )
      const count = uids.length
      const numbers = positions(positionsOfSequenceNumbers(read, count)).map(at => at + 1)
      const all = named(text, count)
      assert.deepEqual(
        numbers,
        uids.map((_, at) => at + 1).filter(number => all.has(number)),
      )
    },
  )
  fc.assert(property, { seed: 42, numRuns: 2_000 })
})

test('a set that is printed reads as the same numbers', () => {
  assert.equal(printSequenceSet([]), '')
  assert.equal(printSequenceSet([1, 2, 3, 5, 7, 8]), '1:3,5,7:8')
  const property = fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 })), unsorted => {
    const numbers = unsorted.sort((a, b) => a - b)
    const text = printSequenceSet(numbers)
    const back = text === '' ? [] : ranges(text)
    assert.deepEqual(
      back.flatMap(({ first, last }) =>
        Array.from({ length: last - first + 1 }, (_, at) => first + at),
      ),
      numbers,
    )
    if (text !== '') assert.equal(text, show(back))
  })
  fc.assert(property, { seed: 42, numRuns: 1_000 })
})
