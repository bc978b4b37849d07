import assert from 'node:assert/strict'
import { test } from 'node:test'
import { accessibleText } from '../../server/checks/element-text.ts'
import { elementsOf, parseHtml } from '../../server/mime/html-tree.ts'

const textOf = (html: string): string => {
  const [element] = elementsOf(parseHtml(html).root)
  assert.ok(element)
  return accessibleText(element)
}

test('text, alternative texts, labels and titles are what is read out', () => {
  assert.equal(textOf('<a> Go <b>now</b>\n</a>'), 'Go now')
  assert.equal(textOf('<a><img alt="Logo"> home</a>'), 'Logo home')
  assert.equal(textOf('<a aria-label="Close">x</a>'), 'Close')
  assert.equal(textOf('<a title="Shop"></a>'), 'Shop')
  assert.equal(textOf('<area alt="Left">'), 'Left')
  assert.equal(textOf('<a><style>p{}</style>&nbsp;\u200b</a>'), '')
})

test('of a text of a megabyte the beginning says enough', () => {
  assert.ok(textOf(`<a>${'<b>x</b>'.repeat(50_000)}</a>`).length < 5_000)
})
