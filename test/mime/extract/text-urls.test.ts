import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { textUrls } from '../../../server/mime/extract/text-urls.ts'

const cases: readonly (readonly [text: string, ...urls: readonly string[]])[] = [
  ['https://a.example', 'https://a.example'],
  ['See https://a.example/b.', 'https://a.example/b'],
  ['(see https://a.example/b)', 'https://a.example/b'],
  ['https://a.example/b_(c)', 'https://a.example/b_(c)'],
  ['[x](https://a.example/b), <https://a.example/c>', 'https://a.example/b', 'https://a.example/c'],
  ['"https://a.example/b?c=1&d=2"!', 'https://a.example/b?c=1&d=2'],
  ['https://a.example/t=4f7a==', 'https://a.example/t=4f7a=='],
  ['myapp+x://open/1 HTTP://A.example', 'myapp+x://open/1', 'HTTP://A.example'],
  [
    'https://a.example/bこちら、https://a.example/c）',
    'https://a.example/b',
    'https://a.example/c',
  ],
  ['http://[::1]:80/', 'http://[::1]:80/'],
  ['https://a.example/é', 'https://a.example/é'],
  ['https://a.examplehttps://b.example', 'https://a.examplehttps://b.example'],
  ['://a.example 1://b https:// mailto:a@a.example'],
  ['https://a.example/b…', 'https://a.example/b'],
  ['\x1b]8;;https://a.example/b\x07text', 'https://a.example/b'],
  [
    'https://a.example/b\u202ec https://a.example/d\x9be',
    'https://a.example/b',
    'https://a.example/d',
  ],
]

describe('the URLs of a text', () => {
  for (const [text, ...urls] of cases) {
    test(text, () => {
      const found = textUrls(text, 10)
      assert.deepEqual(
        found.map(({ url }) => url),
        urls,
      )
      for (const { url, start, end } of found) assert.equal(text.slice(start, end), url)
    })
  }
})

test('no more than the limit', () => {
  assert.equal(textUrls('https://a.example '.repeat(5), 3).length, 3)
})
