import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { htmlRegions, messageRegions, type Region } from '../../../web/source/regions.ts'
import { corpusMails } from '../../helpers/corpus.ts'

const told = (text: string, regions: readonly Region[]): string[] =>
  regions.map(({ kind, start, end }) => `${kind} ${JSON.stringify(text.slice(start, end))}`)

/** Without a gap, from the start to the end. */
const assertWhole = (text: string, regions: readonly Region[]): void => {
  let at = 0
  for (const { start, end } of regions) {
    assert.equal(start, at)
    assert.ok(end > start)
    at = end
  }
  assert.equal(at, text.length)
}

const message = [
  'Content-Type: multipart/mixed;\r\n boundary="b b"\r\n\r\npreamble\r\n',
  '--b b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n',
  '--b b  \r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\ninner\r\n--bb\r\n',
  '--b b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n',
  '--b b--\r\nepilogue',
].join('')

describe('the regions of a source', () => {
  it('are headers, delimiters and bodies of each kind', () => {
    const regions = messageRegions(message)
    assert.deepEqual(told(message, regions), [
      'header "Content-Type: multipart/mixed;\\r\\n boundary=\\"b b\\"\\r\\n\\r\\n"',
      'text "preamble\\r\\n"',
      'delimiter "--b b\\r\\n"',
      'header "Content-Type: text/html\\r\\n\\r\\n"',
      'html "<p>Hi</p>\\r\\n"',
      'delimiter "--b b  \\r\\n"',
      'header "Content-Type: message/rfc822\\r\\n\\r\\n"',
      'header "Subject: x\\r\\n\\r\\n"',
      'text "inner\\r\\n--bb\\r\\n"',
      'delimiter "--b b\\r\\n"',
      'header "Content-Type: image/png\\r\\nContent-Transfer-Encoding: base64\\r\\n\\r\\n"',
      'encoded "AAAA\\r\\n"',
      'delimiter "--b b--\\r\\n"',
      'text "epilogue"',
    ])
  })

  it('of HTML are its style sheets and comments too', () => {
    const html = '<p>a<!-- <style> --><style type="x">p{}</style><styles><!-- open'
    assert.deepEqual(told(html, htmlRegions(html)), [
      'html "<p>a"',
      'comment "<!-- <style> -->"',
      'html "<style type=\\"x\\">"',
      'style "p{}"',
      'html "</style><styles>"',
      'comment "<!-- open"',
    ])
    assert.deepEqual(htmlRegions(''), [])
    for (const open of ['<style', '<style>p{', '<!--', 'x<!-->']) {
      assertWhole(open, htmlRegions(open))
    }
  })

  it('cover every mail, without a gap', () => {
    for (const raw of corpusMails()) {
      const text = raw.toString('latin1')
      assertWhole(text, messageRegions(text))
    }
  })

  it('are found in a time that grows with the text alone', () => {
    const delimiters = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\n'.repeat(300_000)}`
    const comments = `Content-Type: text/html\n\n${'<!-- '.repeat(300_000)}`
    const styles = `Content-Type: text/html\n\n${'<style>'.repeat(300_000)}`
    for (const text of [delimiters, comments, styles, 'x'.repeat(5_000_000)]) {
      const start = performance.now()
      assertWhole(text, messageRegions(text))
      assert.ok(performance.now() - start < 3_000)
    }
  })
})
