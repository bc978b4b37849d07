import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readSelected, SELECT_LIMITS, select } from '../../server/mime/select.ts'

const found = (html: string, css: string) => {
  const selection = select([html], css)
  assert.ok('elements' in selection)
  return selection
}
const texts = (html: string, css: string) => found(html, css).elements.map(({ text }) => text)

test('an element has its name, attributes, text and source', () => {
  const html =
    '<!doctype html><p>Hi</p><TABLE><tr><td Class="x y" title="a &amp; b">One<br>two<td>three</TABLE>'
  assert.deepEqual(found(html, 'td.x'), {
    total: 1,
    elements: [
      {
        name: 'td',
        attributes: { class: 'x y', title: 'a & b' },
        text: 'One\ntwo',
        html: '<td Class="x y" title="a &amp; b">One<br>two',
      },
    ],
  })
})

describe('selectors', () => {
  const html =
    '<title>T</title><div id=a><p>one</p><p class="b c">two <b>bold</b></p></div><p lang=de>three <a href="https://x.test/verify?t=1">Go</a></p>'
  const cases: readonly (readonly [css: string, ...texts: readonly string[]])[] = [
    ['p', 'one', 'two bold', 'three Go'],
    ['#a > p + p', 'two bold'],
    ['.b.c, title', 'T', 'two bold'],
    ['a[href*="verify"]', 'Go'],
    ['p:has(> a)', 'three Go'],
    ['p:not(.b)', 'one', 'three Go'],
    ['p:nth-child(2)', 'two bold'],
    ['div p:first-of-type', 'one'],
    ['p:contains("bold")', 'two bold'],
    ['P:lang(de)', 'three Go'],
    [':is(div, p) > b', 'bold'],
    ['p ~ p', 'two bold'],
    ['nothing'],
    ['[constructor]'],
    ['[__proto__]'],
  ]
  for (const [css, ...expected] of cases) {
    test(css, () => assert.deepEqual(texts(html, css), expected))
  }
})

describe('a selector that is none says why', () => {
  for (const css of [
    'p[',
    'p:unknown',
    '> p',
    'p::before',
    'p,',
    'p:nth-child(x)',
    'a|b',
    '('.repeat(500),
  ]) {
    test(css.slice(0, 20), () => {
      for (const htmls of [['<p>x'], []]) {
        const selection = select(htmls, css)
        assert.ok('fault' in selection && selection.fault.length > 5)
      }
    })
  }
})

describe('what would take for ever is given up', () => {
  const deep = '<div>'.repeat(450)
  const wide = '<p>x</p>'.repeat(50_000)
  const cases: readonly (readonly [name: string, html: string, css: string])[] = [
    ['ancestors of ancestors', deep, 'span div div div div div div'],
    ['ancestors in :not', deep, 'div:not(span div div div div div div)'],
    ['siblings of siblings', wide, 'b ~ p ~ p'],
    ['places among siblings', wide, 'p:nth-last-child(3n of p)'],
    [
      'texts in texts',
      `${deep}${'x'.repeat(2_000_000)}`,
      ':not(:contains("y")):contains("x") b, div:icontains("y")',
    ],
    ['what is below', wide, 'p:has(~ b)'],
  ]
  for (const [name, html, css] of cases) {
    test(name, () => {
      const start = performance.now()
      const selection = select([html], css)
      assert.ok(performance.now() - start < 8_000)
      if ('elements' in selection) assert.deepEqual(selection.elements, [])
      else assert.equal(selection.fault, 'it takes too long on this message')
    })
  }
})

test('no more than the limits, and how many there are', () => {
  const many = found('<p>x</p>'.repeat(SELECT_LIMITS.elements + 1), 'p')
  assert.equal(many.total, SELECT_LIMITS.elements + 1)
  assert.equal(many.elements.length, SELECT_LIMITS.elements)
  const large = found(`<div><p>${'x'.repeat(SELECT_LIMITS.html)}</p><b>y</b></div>`, 'div, p, b')
  assert.equal(large.total, 3)
  assert.deepEqual(
    large.elements.map(({ name }) => name),
    ['div'],
    'the first whatever its length',
  )
})

test('of every part of a mail, decoded', async () => {
  const raw = [
    'Content-Type: multipart/mixed; boundary=m',
    '',
    '--m',
    'Content-Type: text/html; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<p class=3Da>Gr=FC=\r\n=DFe</p>',
    '--m',
    'Content-Type: text/html',
    '',
    '<p class=a>two',
    '--m--',
  ].join('\r\n')
  const selection = await readSelected(Buffer.from(raw), '.a')
  assert.ok('elements' in selection)
  assert.deepEqual(
    selection.elements.map(({ text }) => text),
    ['Grüße', 'two'],
  )
  assert.deepEqual(await readSelected(Buffer.from('\r\nno HTML'), 'p'), { total: 0, elements: [] })
})
