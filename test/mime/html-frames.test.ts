import assert from 'node:assert/strict'
import { test } from 'node:test'
import { framedDocument, MAX_FRAMES } from '../../server/mime/html-frames.ts'

const part = (document: string) => ({ document, text: document })
const srcdocs = (html: string) =>
  [...html.matchAll(/ srcdoc="([^"]*)"><\/iframe>/g)].map(([, value = '']) =>
    value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
  )

test('each part keeps to its own frame, whatever it leaves open (fault 5)', () => {
  const parts = [
    '<img src="http://x.test/',
    '"> <!-- ',
    '</iframe><script>&quot;',
    '<textarea>',
    "<a b='",
  ]
  assert.deepEqual(srcdocs(framedDocument(parts.map(part))), parts)
})

test('frames are sandboxed as the document around them is', () => {
  const html = framedDocument([part('a'), part('b')])
  assert.equal(html.match(/<iframe/g)?.length, 2)
  assert.equal(
    html.match(
      /sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"/g,
    )?.length,
    2,
  )
})

test('more text gets a taller frame, up to a limit', () => {
  const height = (text: string) =>
    Number(/height:(\d+)em/.exec(framedDocument([{ document: '', text }, part('')]))?.[1])
  assert.ok(height('a') < height('a\n'.repeat(10)))
  assert.ok(height('a'.repeat(800)) < height('a\n'.repeat(100)))
  assert.equal(height('a\n'.repeat(100_000)), 200)
})

test('no more frames than a browser bears', () => {
  const html = framedDocument(Array.from({ length: MAX_FRAMES + 3 }, () => part('x')))
  assert.equal(srcdocs(html).length, MAX_FRAMES)
  assert.match(html, /3 more HTML parts are not shown/)
})
