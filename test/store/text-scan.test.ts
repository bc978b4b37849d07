import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { confirmed, excluded, refuted, unknown } from '../../server/store/condition.ts'
import { TextScan } from '../../server/store/text-scan.ts'

const record = (number: number, text: string, isCut = false): string =>
  `${number} ${Buffer.byteLength(text)} ${isCut ? 1 : 0}\n${text}\n`

const scan = (words: readonly string[], bytes: Buffer, piece = bytes.length): TextScan => {
  const found = new TextScan(words)
  let kept = Buffer.alloc(0)
  for (let at = 0; at < bytes.length; at += piece) {
    kept = Buffer.concat([kept, bytes.subarray(at, at + piece)])
    kept = kept.subarray(found.take(kept))
  }
  return found
}

/** The answers to the words for some numbers. */
const answers = ({ answers }: TextScan, numbers: readonly number[]) =>
  answers.map(one => numbers.map(number => one[number % 1_000]))

const file = Buffer.from(
  [
    record(42_000, 'total amount 12 €'),
    record(42_001, ''),
    record(42_017, 'der bär and the total', true),
    record(42_999, '42001 0 0 total total total'),
  ].join(''),
)
const numbers = [42_000, 42_001, 42_017, 42_999, 42_002]

describe('a scan of search texts', () => {
  test('finds words and phrases in the texts that hold them', () => {
    assert.deepEqual(answers(scan(['total', 'total amount', 'bär', '€'], file), numbers), [
      [confirmed, refuted, confirmed, confirmed, unknown],
      [confirmed, refuted, unknown, refuted, unknown],
      [refuted, refuted, confirmed, refuted, unknown],
      [confirmed, refuted, unknown, refuted, unknown],
    ])
  })

  test('knows of a whole text that the bodies lack the word as well', () => {
    const whole = Buffer.from('1 3 2\nfox\n2 3 2\nbar\n3 3 0\nbar\n')
    assert.deepEqual(answers(scan(['fox'], whole), [1, 2, 3]), [[confirmed, excluded, refuted]])
  })

  test('does not take the line before a text for it', () => {
    const found = scan(['42', '17', '0', '42001'], file)
    assert.deepEqual(answers(found, numbers), [
      [refuted, refuted, unknown, confirmed, unknown],
      [refuted, refuted, unknown, refuted, unknown],
      [refuted, refuted, unknown, confirmed, unknown],
      [refuted, refuted, unknown, confirmed, unknown],
    ])
  })

  test('finds nothing across texts, nor half a character', () => {
    const two = Buffer.from(record(1, 'one') + record(2, 'two'))
    assert.deepEqual(answers(scan(['onetwo', 'e t', 'ó'], two), [1, 2]), [
      [refuted, refuted],
      [refuted, refuted],
      [refuted, refuted],
    ])
  })

  test('comes to the same however the file is cut into pieces', () => {
    const words = ['total', 'amount 12', '€', 'nothing']
    const expected = scan(words, file).answers
    for (let piece = 1; piece < 40; piece++) {
      assert.deepEqual(scan(words, file, piece).answers, expected, `${piece}`)
    }
  })

  test('ends at what is torn or no record', () => {
    for (const damage of ['43 10 0\nshort\n', 'x', '43 9999999999999 0\n', '43 3 0 abc\n', '\n']) {
      const found = new TextScan(['total'])
      assert.equal(found.take(Buffer.concat([file, Buffer.from(damage)])), file.length, damage)
      assert.equal(found.take(Buffer.from(damage)), 0)
    }
    assert.equal(new TextScan([]).take(Buffer.alloc(0)), 0)
  })

  test('agrees with reading each text', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) & 0x7fff_ffff
      return (seed >> 8) % below
    }
    const letters = 'ab ä1\ud83d\ude00'
    const textOf = (length: number) =>
      Array.from({ length }, () => [...letters][random([...letters].length)]).join('')
    for (let round = 0; round < 200; round++) {
      const texts = Array.from({ length: random(30) }, () => textOf(random(20)))
      const words = Array.from({ length: 4 }, () => textOf(1 + random(4)))
      const bytes = Buffer.from(texts.map((text, index) => record(index, text)).join(''))
      const found = scan(words, bytes)
      words.forEach((word, at) => {
        texts.forEach((text, index) => {
          const expected = text.includes(word) ? confirmed : refuted
          assert.equal(found.answers[at]?.[index], expected, `${word} in ${text}`)
        })
      })
    }
  })
})
