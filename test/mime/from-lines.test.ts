import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FromLines } from '../../server/mime/from-lines.ts'

/** Pieces as text: `|` before a plain From_ line, `^` before a quoted one. */
function scan(...chunks: string[]): string {
  const lines = new FromLines()
  const pieces = chunks.flatMap(chunk => lines.take(Buffer.from(chunk, 'latin1')))
  return [...pieces, ...lines.end()]
    .map(({ from, octets }) => {
      const mark = from === 'plain' ? '|' : from === 'quoted' ? '^' : ''
      return mark + octets.toString('latin1')
    })
    .join('')
}

const cases = [
  ['From a\n', '|From a\n'],
  ['x From a\n', 'x From a\n'],
  ['\nFrom a\r\nFrom b', '\n|From a\r\n|From b'],
  ['>From a\n>>>From b\n', '^>From a\n>>^>From b\n'],
  ['\rFrom a\n', '\rFrom a\n'],
  ['> From a\n>x>From b\n', '> From a\n>x>From b\n'],
  ['From\nFro\n>From\n', 'From\nFro\n>From\n'],
  ['FFrom \nFrom From ', 'FFrom \n|From From '],
  ['', ''],
  ['\n\n>>>', '\n\n>>>'],
] as const

test('lines that begin with From and a space, behind any number of quotes', () => {
  for (const [text, found] of cases) assert.equal(scan(text), found, JSON.stringify(text))
})

test('wherever the octets are cut', () => {
  for (const [text, found] of cases) {
    assert.equal(scan(...text), found, `${JSON.stringify(text)} octet by octet`)
    for (let first = 0; first <= text.length; first++) {
      for (let second = first; second <= text.length; second++) {
        const chunks = [text.slice(0, first), text.slice(first, second), text.slice(second)]
        assert.equal(scan(...chunks), found, JSON.stringify(chunks))
      }
    }
  }
})

test('a line of nothing but quotes is not held back', () => {
  const lines = new FromLines()
  let held = 0
  for (let piece = 0; piece < 100; piece++) {
    const quotes = Buffer.alloc(65_536, '>')
    held += quotes.length
    for (const { octets } of lines.take(quotes)) held -= octets.length
    assert.ok(held <= 6, `${held} octets`)
  }
})
