import assert from 'node:assert/strict'
import { test } from 'node:test'
import { htmlToText, MAX_HTML } from '../../server/mime/html-text.ts'

test('what a person reads, a line for each block', () => {
  assert.equal(
    htmlToText(
      '<!doctype html><head><title>T</title><style>p{}</style></head><body><h1>Hi&nbsp;&amp; <i>bye</i></h1>\n<p>one\n two<br>three</p><!-- no --><script>no()</script><ul><li>a<li>b</ul><table><tr><td>1<td>2</tr></table>',
    ),
    'Hi\u00a0& bye\n\none two\nthree\n\na\nb\n\n1 2',
  )
})

test('entities are decoded once', () => {
  assert.equal(
    htmlToText('&lt;b&gt; &amp;lt; &#8364; &#x20AC; &nope; &copy'),
    '<b> &lt; € € &nope; ©',
  )
})

test('nothing', () => {
  assert.equal(htmlToText(''), '')
  assert.equal(htmlToText('<style>x'), '')
})

test('deep, wide and broken HTML', () => {
  assert.equal(htmlToText(`${'<div>'.repeat(100_000)}x`), 'x')
  assert.equal(htmlToText(`${'<b> '.repeat(200_000)}x`), 'x')
  assert.equal(htmlToText('<tr><td>1</td></tr>'.repeat(30_000)).split('\n').length % 30_000, 29_999)
  htmlToText('&'.repeat(1_000_000))
})

test('no more than a limit is read', () => {
  assert.equal(htmlToText('x'.repeat(MAX_HTML + 1)).length, MAX_HTML)
})
