import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { elementsOf, nodesOf, parseHtml, TREE_LIMITS } from '../../server/mime/html-tree.ts'

describe('the place of each element', () => {
  const cases: readonly (readonly [html: string, ...elements: readonly string[]])[] = [
    ['<p>a</p><br>b', '<p>a</p>', '<br>'],
    ['<p>a<p>b', '<p>a', '<p>b'],
    ['<ul><li>a<li>b</ul>c', '<ul><li>a<li>b</ul>', '<li>a', '<li>b'],
    ['<i>a<b>b</i>c', '<i>a<b>b</i>', '<b>b'],
    ['<a href="x">&amp;', '<a href="x">&amp;'],
  ]
  for (const [html, ...elements] of cases) {
    test(html, () => {
      const found = [...elementsOf(parseHtml(html).root)]
      assert.deepEqual(
        found.map(({ startIndex, endIndex }) => html.slice(startIndex ?? 0, (endIndex ?? 0) + 1)),
        elements,
      )
    })
  }
})

test('the place of an attribute, or of its element', () => {
  const { root, attributeStart } = parseHtml('<p>\n<a class=x href="y">')
  const link = [...elementsOf(root)][1]
  assert.ok(link)
  assert.equal(attributeStart(link, 'href'), 15)
  assert.equal(attributeStart(link, 'title'), 4)
})

test('text is one node, whatever it is written with', () => {
  assert.equal([...nodesOf(parseHtml('a &amp; b &lt;').root)].length, 1)
})

test('what is too deep or too much is cut', () => {
  assert.equal(parseHtml('<b>'.repeat(TREE_LIMITS.depth + 10)).isCut, true)
  const many = parseHtml('<br>'.repeat(TREE_LIMITS.elements + 10))
  assert.equal(many.isCut, true)
  assert.equal([...elementsOf(many.root)].length, TREE_LIMITS.elements)
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
