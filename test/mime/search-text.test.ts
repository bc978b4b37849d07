import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readHeader } from '../../server/mime/header.ts'
import { MAX_SEARCH_TEXT, previewOf, searchTextOf } from '../../server/mime/search-text.ts'
import { summarise } from '../../server/mime/summary.ts'

const summary = summarise(
  readHeader(Buffer.from('Subject: ＨＥＬＬＯ  World\nFrom: Ann <A@x.test>\nCc: c@x.test\n\n')),
)

test('everything that the search box looks at, NFKC and in lower case', () => {
  assert.deepEqual(searchTextOf(summary, ['Ä.pdf'], 'Line\r\n one'), {
    text: 'hello world ä.pdf ann a@x.test c@x.test line one',
    isCut: false,
  })
})

test('cut at whole characters', () => {
  for (const letter of ['a', 'ä', '€', '😀', 'ﷺ']) {
    const { text, isCut } = searchTextOf(summary, [], letter.repeat(MAX_SEARCH_TEXT))
    assert.equal(isCut, true)
    const octets = Buffer.byteLength(text)
    assert.ok(octets <= MAX_SEARCH_TEXT && octets > MAX_SEARCH_TEXT / 2, `${letter} ${octets}`)
    assert.doesNotMatch(text, /\ufffd/)
  }
})

test('a preview is one line of 200 characters, without those that have no width', () => {
  assert.equal(
    previewOf('  Hello,\r\n\tworld\u00a0! \u200c\u034f\u00ad \u200c\u034f '),
    'Hello, world !',
  )
  assert.equal(previewOf(''), '')
  const long = previewOf('😀'.repeat(1_000))
  assert.equal([...long].length, 200)
  assert.ok(long.endsWith('😀…'))
})
