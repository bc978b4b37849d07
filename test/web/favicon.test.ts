import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { badgeText, faviconUrl } from '../../web/favicon.ts'

describe('the icon of the tab', () => {
  it('counts to 99', () => {
    assert.deepEqual([0, 1, 99, 100, 100_000].map(badgeText), ['', '1', '99', '99+', '99+'])
  })

  it('is an image in its address, with the count in it', () => {
    const svg = decodeURIComponent(faviconUrl(7).replace('data:image/svg+xml,', ''))
    assert.match(svg, /^<svg [^>]+>.*<text[^>]*>7<\/text><\/svg>$/)
    assert.doesNotMatch(decodeURIComponent(faviconUrl(0)), /<text/)
  })
})
