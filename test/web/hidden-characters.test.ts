import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { countHidden, splitHidden } from '../../web/hidden-characters.ts'

const shown = (text: string): string =>
  splitHidden(text)
    .map(piece => (typeof piece === 'string' ? piece : `[${piece.label}]`))
    .join('')

describe('hidden characters', () => {
  it('are named where they stand', () => {
    assert.equal(shown('invoice\u202efdp.exe'), 'invoice[RLO]fdp.exe')
    assert.equal(shown('pay\u200bpal\u2060.com\ufeff'), 'pay[ZWSP]pal[WJ].com[BOM]')
    assert.equal(shown('\u2066a\u2069\u202a\u202c'), '[LRI]a[PDI][LRE][PDF]')
    assert.equal(shown('a\u0007b\u009bc\u2063d\u{e0041}e'), 'a[0007]b[009B]c[2063]d[E0041]e')
    assert.equal(shown('a\rb\r\nc\td'), 'a[000D]b\r\nc\td')
    const [, mark] = splitHidden('a\u202eb')
    assert.deepEqual(mark, { label: 'RLO', name: 'U+202E right-to-left override' })
  })

  it('are none where a script or an emoji needs them', () => {
    for (const text of [
      'plain',
      '',
      'שלום עולם',
      'می\u200cخواهم',
      'क्\u200dष',
      '👩\u200d💻 👩🏽\u200d💻 🏳️\u200d🌈',
      '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
    ]) {
      assert.deepEqual(splitHidden(text), text === '' ? [] : [text])
    }
    assert.equal(shown('a\u200db'), 'a[ZWJ]b')
    assert.equal(shown('\u200c'), '[ZWNJ]')
  })

  it('are counted, and however many there are it takes no time', () => {
    assert.equal(countHidden('\u200b\u200ba\u202e'), 3)
    const many = '\u202ea'.repeat(200_000)
    const start = performance.now()
    assert.equal(countHidden(many), 200_000)
    assert.ok(performance.now() - start < 2_000)
  })
})
