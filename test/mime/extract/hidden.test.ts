import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { HiddenElements } from '../../../server/mime/extract/hidden.ts'
import { readHtmlText } from '../../../server/mime/html-text.ts'

const visible = (html: string) => readHtmlText(html, new HiddenElements(html)).text

describe('text that nobody sees is left out', () => {
  const styles = [
    'display:none',
    'DISPLAY: None !important',
    'color:red;display:none;',
    'visibility:hidden',
    'opacity:0',
    'font-size:0',
    'font-size:1px;color:#333',
    'max-height:0;overflow:hidden',
    'width:0px;overflow:hidden',
    'height:1px;position:absolute;overflow:hidden',
    'position:absolute;left:-9999px',
    'text-indent:-9999px',
    'color:#ffffff;background-color:#FFF',
    'color:white;background:#fff url(x.png)',
    'color:transparent',
  ]
  for (const style of styles) {
    test(style, () => {
      assert.equal(visible(`a<div style="${style}">no <b>no</b></div>b`), 'a\n\nb')
    })
  }
  test('the attribute', () => assert.equal(visible('a<p hidden>no</p>b'), 'a\n\nb'))
  test('a rule for a class, an id, one with its element', () => {
    const sheet =
      '<style>/* x */ .pre, td.x { display:none } #y{font-size:0}@media screen{.z{opacity:0}}</style>'
    assert.equal(
      visible(
        `${sheet}a<i class="big pre">no</i><i class=x>no</i><i id="y">no</i><i class="z">no</i>b`,
      ),
      'ab',
    )
  })
})

describe('text that somebody sees stays', () => {
  const cases: [name: string, html: string, text: string][] = [
    ['styled', '<p style="color:#333;background:#fff;font-size:14px;opacity:1">yes</p>', 'yes'],
    ['large in nothing', '<p style="font-size:0">no<b style="font-size:14px">yes</b></p>', 'yes'],
    [
      'visible in what is not',
      '<p style="visibility:hidden">no<b style="visibility:visible">yes</b></p>',
      'yes',
    ],
    ['after the end', '<p style="display:none">no</p>yes', 'yes'],
    ['after an end that is implied', '<p style="display:none">no<p>yes', 'yes'],
    ['cells', '<table><tr><td style="display:none">no<td>yes</table>yes', 'yes\nyes'],
    ['items', '<ul><li style="display:none">no<li>yes</ul>', 'yes'],
    ['after a void element', '<img style="display:none">yes', 'yes'],
    ['after a stray end tag', '<p style="display:none">no</i>no</p>yes', 'yes'],
    [
      'a rule for small screens, for print',
      '<style>@media (max-width:600px){.a{display:none}}@media print{.a{display:none}}</style><p class="a">yes</p>',
      'yes',
    ],
    ['a rule for something in it', '<style>.a .b{display:none}</style><p class="a">yes</p>', 'yes'],
    ['a zero that is none', '<p style="max-height:0">yes</p>', 'yes'],
  ]
  for (const [name, html, text] of cases) {
    test(name, () => assert.equal(visible(html), text))
  }
})
