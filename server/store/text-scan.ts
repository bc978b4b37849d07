import { type Answers, confirmed, excluded, refuted } from './condition.ts'
import { blockSize } from './entries.ts'

const space = 0x20
const lineEnd = 0x0a
const zero = 0x30

/**
 * Looks for words in the search texts of one block without decoding them: the octets of each word are sought in the
 * octets of many records at once, and a hit is mapped to its record by its place. Takes the file in pieces.
 */
export class TextScan {
  /**
   * For each word the answers of the block: nothing for messages without a text, nor where a cut text lacks the word;
   * `excluded` where the text that lacks it is whole.
   */
  readonly answers: readonly Answers[]
  readonly #words: readonly Buffer[]

  constructor(words: readonly string[]) {
    this.#words = words.map(word => Buffer.from(word))
    this.answers = words.map(() => new Uint8Array(blockSize))
  }

  /**
   * Looks through the records that are whole in `bytes`, whose first octet begins one. Returns how many octets it is done
   * with, 0 where there is no whole record.
   */
  take(bytes: Buffer): number {
    const numbers: number[] = []
    const starts: number[] = []
    const ends: number[] = []
    let at = 0
    while (at < bytes.length) {
      const head = readHead(bytes, at)
      if (!head || bytes[head.end] !== lineEnd) break
      numbers.push(head.number)
      starts.push(head.start)
      ends.push(head.end)
      at = head.end + 1
      if (head.isCut) continue
      for (const answers of this.answers) {
        if (answers[head.number % blockSize] !== confirmed) {
          answers[head.number % blockSize] = head.isWhole ? excluded : refuted
        }
      }
    }
    const records = bytes.subarray(0, at)
    this.#words.forEach((word, index) => {
      const answers = this.answers[index] as Answers
      let record = 0
      for (let hit = records.indexOf(word); hit >= 0; ) {
        while ((ends[record] as number) <= hit) record++
        // A hit lies in a text or in the line before it: no word has a line end.
        const isText = hit >= (starts[record] as number)
        if (isText) answers[(numbers[record] as number) % blockSize] = confirmed
        hit = records.indexOf(word, isText ? (ends[record] as number) : (starts[record] as number))
      }
    })
    return at
  }
}

/** `<number> <length> <0, 1 or 2>` and a line end; null where it is none, or not whole. */
const readHead = (bytes: Buffer, from: number) => {
  let at = from
  const read = (): number => {
    let number = 0
    for (let digits = 0; digits <= 10; digits++, at++) {
      const digit = (bytes[at] ?? 0) - zero
      if (digit < 0 || digit > 9) return digits === 0 ? Number.NaN : number
      number = number * 10 + digit
    }
    return Number.NaN
  }
  const number = read()
  if (bytes[at++] !== space) return null
  const length = read()
  if (bytes[at++] !== space) return null
  const extent = read()
  if (bytes[at++] !== lineEnd || Number.isNaN(number + length + extent)) return null
  return { number, start: at, end: at + length, isCut: extent === 1, isWhole: extent === 2 }
}
