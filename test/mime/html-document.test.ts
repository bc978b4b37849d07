import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  htmlDocument,
  type Image,
  MAX_INLINE_IMAGES,
  referencedCids,
} from '../../server/mime/html-document.ts'

const BASE = '<base target="_blank">'
const png: Image = { contentType: 'image/png', bytes: Buffer.from('PNG') }
const URI = `data:image/png;base64,${png.bytes.toString('base64')}`
const show = (html: string, images: Record<string, Image> = { 'a@x': png }) =>
  htmlDocument(html, new Map(Object.entries(images))).replace(BASE, '')

test('the base element stands in the head, after the doctype', () => {
  for (const [html, at] of [
    ['<!DOCTYPE html><html><head><title>x</title></head><body>y', 27],
    ['<!DOCTYPE html><HTML lang=en>\n<body>y', 29],
    ['<!DOCTYPE html>\n<p>x', 15],
    ['<p>fragment', 0],
    ['just text <head>', 0],
    ['<!-- <head> --><html><head x="<head>"><p>', 38],
    ['', 0],
  ] as const) {
    assert.equal(htmlDocument(html, new Map()), html.slice(0, at) + BASE + html.slice(at))
  }
})

test('cid: in attribute values and style sheets becomes the image', () => {
  for (const [before, after] of [
    ['<img src="cid:a@x">', `<img src="${URI}">`],
    ["<img src='CID:a%40x'>", `<img src='${URI}'>`],
    ['<img src=cid:a@x alt=b>', `<img src=${URI} alt=b>`],
    ['<td background="cid:a@x">', `<td background="${URI}">`],
    ['<p style="background:url(cid:a@x)">', `<p style="background:url(${URI})">`],
    [
      '<p style="background:url(&quot;cid:a@x&quot;)">',
      `<p style="background:url(&quot;${URI}&quot;)">`,
    ],
    [`<p style="background:url('cid:a@x')">`, `<p style="background:url('${URI}')">`],
    ['<style>p{background:url(cid:a@x)}</style>', `<style>p{background:url(${URI})}</style>`],
    ['<img srcset="cid:a@x 2x, cid:a@x 1x">', `<img srcset="${URI} 2x, ${URI} 1x">`],
  ] as const) {
    assert.equal(show(before), after)
  }
})

test('Content-IDs with spaces, percent signs and ampersands', () => {
  const images = { 'a b': png, 'c%20d': png, 'e&f': png }
  assert.equal(show('<img src="cid:a b">', images), `<img src="${URI}">`)
  assert.equal(show('<img src="cid:a%20b">', images), `<img src="${URI}">`)
  assert.equal(show('<img src="cid:c%20d">', images), `<img src="${URI}">`)
  assert.equal(show('<img src="cid:e&amp;f">', images), `<img src="${URI}">`)
  assert.match(show('<img src="cid:%zz">', images), /^<img src="data:image\/svg\+xml,[^"]*">$/)
})

test('text, comments, links and frames are left alone', () => {
  for (const html of [
    '<p>cid:a@x</p>',
    '<!-- cid:a@x -->',
    '<iframe src="cid:a@x"></iframe>',
    '<object data="cid:a@x"></object>',
    '<img alt="acid:a@x">',
    '<script>"cid:a@x"</script>',
  ]) {
    assert.equal(show(html), html)
  }
})

test('a placeholder where there is no such image, or it is none', () => {
  const html = '<img src="cid:gone@x">'
  const placeholder = /^<img src="data:image\/svg\+xml,[^"'()<> ]*">$/
  assert.match(show(html), placeholder)
  assert.match(
    show(html, { 'gone@x': { contentType: 'text/html', bytes: Buffer.from('x') } }),
    placeholder,
  )
  assert.match(
    show(html, { 'gone@x': { contentType: 'image/png"><script>', bytes: Buffer.from('x') } }),
    placeholder,
  )
})

test('no more octets of images than the limit', () => {
  const half = { contentType: 'image/gif', bytes: Buffer.alloc(MAX_INLINE_IMAGES / 2) }
  const html = show('<img src="cid:a"><img src="cid:a"><img src="cid:a"><img src="cid:b">', {
    a: half,
    b: { contentType: 'image/gif', bytes: Buffer.alloc(0) },
  })
  assert.equal(html.match(/data:image\/gif/g)?.length, 3)
  assert.equal(html.match(/data:image\/svg/g)?.length, 1)
})

test('the Content-IDs that a document refers to', () => {
  assert.deepEqual(
    [...referencedCids('<img src="cid:a%40x"><p style="b:url(cid:c)">cid:d')],
    ['a@x', 'a%40x', 'c'],
  )
  assert.equal(referencedCids('<p>no').size, 0)
})

test('a megabyte of references', () => {
  for (const piece of [
    '<img src="cid:a@x">',
    '<img src="cid:',
    'cid:',
    '<p style="url(cid:b c,',
    '<img src=cid:&quot;',
  ]) {
    show(piece.repeat(1_000_000 / piece.length))
  }
})

test('a link opens a tab that knows nothing of the mail, whatever it says', () => {
  const ours = ' target=_blank rel=noreferrer '
  for (const [html, shown] of [
    ['<a href="cid:a@x">x</a>', `<a${ours} href="cid:a@x">x</a>`],
    ['<A rel=opener target=x href=y>', `<A${ours} rel=opener target=x href=y>`],
    ['<a/href=x><area\nhref=y><a>', `<a${ours}/href=x><area${ours}\nhref=y><a${ours}>`],
    // Where a scanner would see no tag, and a browser may see one.
    ['<svg><style><a rel=opener href=x>', `<svg><style><a${ours} rel=opener href=x>`],
    ['<!--><a rel=opener href=x>-->', `<!--><a${ours} rel=opener href=x>-->`],
    // Harmless where there is none.
    [`<p title='<a "b">'>`, `<p title='<a${ours} "b">'>`],
    ['<abbr title=a><address><article></a>', '<abbr title=a><address><article></a>'],
  ] as const) {
    assert.equal(show(html), shown)
  }
})
