import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countRemoteReferences as count } from '../../server/mime/remote-references.ts'

test('what a browser would fetch by itself', () => {
  for (const html of [
    '<img src="https://x.test/a.png">',
    '<IMG SRC=http://x.test/a>',
    "<img src = '//x.test/a'>",
    '<img srcset="https://x.test/a 1x">',
    '<td background="http://x.test/a">',
    '<link rel=stylesheet href="https://x.test/a.css">',
    '<video poster="https://x.test/a">',
    '<object data="https://x.test/a">',
    '<svg><image xlink:href="https://x.test/a"></svg>',
    '<p style="background:url(https://x.test/a)">',
    `<p style="background:url('//x.test/a')">`,
    '<p style="background:url(&quot;http&#58;//x.test/a&quot;)">',
    '<style>@import "https://x.test/a";</style>',
    '<style>@font-face{src:url( "https://x.test/a" )}</style>',
  ]) {
    assert.equal(count(html), 1, html)
  }
})

test('what it would not', () => {
  for (const html of [
    '',
    '<a href="https://x.test/">https://x.test/a.png</a>',
    '<base href="https://x.test/">',
    '<img src="cid:a"><img src="data:image/png;base64,AA==//">',
    '<!-- <img src="https://x.test/a"> -->',
    '<script>src="https://x.test/a"</script>',
    '<img alt="see //x">',
    '<p>url(https://x.test/a)',
  ]) {
    assert.equal(count(html), 0, html)
  }
})

test('each counts', () => {
  assert.equal(count('<img src=//a><img src=//b><style>a{b:url(//c)} d{e:url(//f)}</style>'), 4)
  assert.equal(count('<img src=//a>'.repeat(10_000)), 10_000)
})
