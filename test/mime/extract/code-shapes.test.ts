import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { codeShapes } from '../../../server/mime/extract/code-shapes.ts'

/** What is found; `?` after a value that is doubtful. */
const cases: readonly (readonly [text: string, ...values: readonly string[]])[] = [
  ['482913', '482913'],
  ['(4829)', '4829'],
  ['48291357', '48291357'],
  ['482'],
  ['482913577'],
  ['482 913', '482913'],
  ['482-913', '482913'],
  ['482\u2013913', '482913'],
  ['48 29 13', '482913'],
  ['4829 1357', '48291357'],
  ['4 8 2 9 1 3', '482913'],
  ['4\t8\t2\t9', '4829'],
  ['4\n8\n2\n9', '4829'],
  ['482\t913', '482913'],
  ['A 1 B 2', 'A1B2'],
  ['plan A 482913', '482913'],
  ['A B C D 482913', 'ABCD', '482913'],
  ['ABCD-1234', 'ABCD-1234'],
  ['X7K9PQ', 'X7K9PQ'],
  ['7XK9 PQ2M', '7XK9PQ2M'],
  ['WDJB-MJHT', 'WDJB-MJHT'],
  ['ABCDEF', 'ABCDEF'],
  ['4f7a9c', '4f7a9c'],
  ['24h 1080p'],
  ['2026', '2026?'],
  ['20261121', '20261121?'],
  ['1 2 3 4', '1234?'],
  ['+1 415 555 0142', '0142?'],
  ['525-000-12-34'],
  ['$4829 4829€ € 4829 4829%'],
  ['4829.50 1,4829 19:2400'],
  ['© 2026'],
  ['****4242'],
  ['**482913**', '482913'],
  ['/482913 @482913 #482913 x_482913', '482913'],
  ['482913, 771020.', '482913', '771020'],
  ['1. 482913\n2. 771020', '482913', '771020'],
]

describe('what has the shape of a code', () => {
  for (const [text, ...values] of cases) {
    test(JSON.stringify(text), () => {
      const shapes = codeShapes(text)
      assert.deepEqual(
        shapes.map(({ value, isDoubtful }) => value + (isDoubtful ? '?' : '')),
        values,
      )
      for (const { start, end, value } of shapes) {
        assert.equal(text.slice(start, end).replace(/[^A-Za-z\d]/g, ''), value.replaceAll('-', ''))
      }
    })
  }
})

test('which kind it is', () => {
  assert.deepEqual(
    codeShapes('482913 X7K9PQ ABC-DEF').map(({ kind }) => kind),
    ['digits', 'mixed', 'letters'],
  )
})
