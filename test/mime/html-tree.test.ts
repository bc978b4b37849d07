import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  elementsOf,
  isComment,
  isDirective,
  isText,
  nodesOf,
  parseHtml,
  TREE_LIMITS,
} from '../../server/mime/html-tree.ts'

test('everything has its place in the source', () => {
  const html = '<!doctype html><p a=1\n STYLE="x&amp;y">a&amp;b<br>c<!-- n --><img src=x></p>'
  const { root, isCut, attributeStart } = parseHtml(html)
  assert.equal(isCut, false)
  const told = [...nodesOf(root)].map(node =>
    html.slice(node.startIndex ?? 0, (node.endIndex ?? 0) + 1),
  )
  assert.deepEqual(told, [
    '<!doctype html>',
    html.slice(15),
    'a&amp;b',
    '<br>',
    'c',
    '<!-- n -->',
    '<img src=x>',
  ])
  const [p] = elementsOf(root)
  assert.ok(p)
  assert.deepEqual(p.attribs, { a: '1', style: 'x&y' })
  assert.equal(attributeStart(p, 'style'), html.indexOf('STYLE'))
  assert.equal(attributeStart(p, 'class'), 15, 'of one that is not there the element')
  assert.deepEqual(
    [...nodesOf(root)].map(node =>
      [isText(node), isComment(node), isDirective(node)].indexOf(true),
    ),
    [2, -1, 0, -1, 0, 1, -1],
  )
})

test('what is in style and script is text, and what is left open ends with the document', () => {
  const { root } = parseHtml('<style>a > b {}</style><script>"<p>"</script><div><b>x')
  assert.deepEqual(
    [...elementsOf(root)].map(({ name }) => name),
    ['style', 'script', 'div', 'b'],
  )
})

test('an attribute called __proto__ is one like others', () => {
  const { root } = parseHtml('<p __proto__=x constructor=y>')
  const [p] = elementsOf(root)
  assert.equal(Object.getPrototypeOf(p?.attribs), Object.prototype)
  assert.equal(p?.attribs.constructor, 'y')
})

test('no document is too deep, too large or too broken, and none takes long', () => {
  const million = 1_000_000
  const cut = {
    deep: '<b>'.repeat(million),
    flat: '<b></b>'.repeat(million),
    wide: '<br>'.repeat(million),
  }
  const whole = {
    ends: `${'<b>'.repeat(TREE_LIMITS.depth - 2)}${'</i>'.repeat(million)}`,
    open: '<'.repeat(million * 4),
    attributes: `<a ${Array.from({ length: million / 4 }, (_, at) => `b${at}`).join(' ')}>`,
    quotes: '<a b="'.repeat(million / 2),
    comments: '<!--'.repeat(million),
    entities: '&amp;'.repeat(million),
    styles: '<style>'.repeat(million / 2),
  }
  for (const [name, html] of Object.entries({ ...cut, ...whole })) {
    const began = performance.now()
    assert.equal(parseHtml(html).isCut, name in cut, name)
    assert.ok(performance.now() - began < 4_000, name)
  }
})
