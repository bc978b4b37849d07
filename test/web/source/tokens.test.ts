import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { htmlRegions, messageRegions } from '../../../web/source/regions.ts'
import { type Token, tokensOf } from '../../../web/source/tokens.ts'
import { randomOf } from '../../helpers/composed-mail.ts'
import { corpusMails } from '../../helpers/corpus.ts'

const joined = (tokens: readonly Token[]): string => tokens.map(([, text]) => text).join('')
const kindOf = (tokens: readonly Token[], text: string): string | null | undefined =>
  tokens.find(([, piece]) => piece === text)?.[0]

describe('the tokens of a source', () => {
  it('tell names, encoded-words, parameters and addresses of a header', () => {
    const text = 'Subject: =?utf-8?q?a?= b\r\nFrom: "A B" <a@x.example>\r\nX: y; charset=z\r\n\r\n'
    const tokens = tokensOf(text, messageRegions(text), 0, text.length)
    assert.equal(joined(tokens), text)
    assert.equal(kindOf(tokens, 'Subject:'), 'tag')
    assert.equal(kindOf(tokens, '=?utf-8?q?a?='), 'escape')
    assert.equal(kindOf(tokens, '"A B"'), 'string')
    assert.equal(kindOf(tokens, '<a@x.example>'), 'string')
    assert.equal(kindOf(tokens, '; charset='), 'name')
  })

  it('tell tags, attributes and rules of HTML, also from the middle of a style sheet on', () => {
    const html = '<a href="x">y</a><style>p { color: red }\nb { margin: 0 }</style>'
    const regions = htmlRegions(html)
    const tokens = tokensOf(html, regions, 0, html.length)
    assert.equal(joined(tokens), html)
    assert.equal(kindOf(tokens, 'href'), 'name')
    assert.equal(kindOf(tokens, 'y'), null)
    const middle = html.indexOf('\n') + 1
    const rest = tokensOf(html, regions, middle, html.length)
    assert.equal(kindOf(rest, 'margin'), 'name')
    assert.equal(joined(rest), html.slice(middle))
  })

  it('are the text, wherever a mail is cut', () => {
    const seed = Number(process.env.MAILCATCH_SEED ?? Date.now() % 1_000_000)
    const random = randomOf(seed)
    for (const raw of corpusMails()) {
      const text = raw.toString('latin1')
      const regions = messageRegions(text)
      const start = random(text.length + 1)
      const end = Math.min(text.length, start + random(4_000))
      assert.equal(joined(tokensOf(text, regions, start, end)), text.slice(start, end), `${seed}`)
    }
  })

  it('of a block come quickly, however it is made', () => {
    for (const unit of [
      '<a ',
      '<a b="',
      '"',
      '<',
      ';a=',
      '=?a?q?',
      '&#',
      '<!DOCTYPE [',
      "p{a:url('",
    ]) {
      const text = unit.repeat(16_000 / unit.length)
      for (const regions of [htmlRegions(text), messageRegions(text)]) {
        const start = performance.now()
        assert.equal(joined(tokensOf(text, regions, 0, text.length)), text)
        assert.ok(performance.now() - start < 2_000, `${unit} ${performance.now() - start}`)
      }
    }
  })
})
