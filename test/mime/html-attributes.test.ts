import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readAttributes } from '../../server/mime/html-attributes.ts'

describe('the attributes of a tag', () => {
  const cases: readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[] = [
    ['<a>', {}],
    ['<a href="x" title=\'y\' id=z hidden>', { href: 'x', title: 'y', id: 'z', hidden: '' }],
    ['<A HREF = "X">', { href: 'X' }],
    ['<a href="a?b=1&amp;c=2&copy=3">', { href: 'a?b=1&c=2&copy=3' }],
    ['<a href="first" href="second">', { href: 'first' }],
    ['<a href=x/>', { href: 'x/' }],
    ['<img/src=x/alt=y>', { src: 'x/alt=y' }],
    ['<a title="a > b" id="c">', { title: 'a > b', id: 'c' }],
    ['<a href="open', { href: 'open' }],
    ['<a =x>', { '=x': '' }],
    ['<a\n\thref\n=\n"x"\n>', { href: 'x' }],
    ['<a href="x"id="y">', { href: 'x', id: 'y' }],
  ]
  for (const [tag, attributes] of cases) {
    test(JSON.stringify(tag), () => {
      assert.deepEqual(Object.fromEntries(readAttributes(tag)), attributes)
    })
  }
})

test('no more than a hundred', () => {
  const many = Array.from({ length: 1_000 }, (_, index) => `a${index}=1`).join(' ')
  assert.equal(readAttributes(`<a ${many}>`).size, 100)
})
