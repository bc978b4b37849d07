import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

const sheet = readFileSync(new URL('../../web/components/base.css', import.meta.url), 'utf8')

const colour = (name: string, scheme: 0 | 1): string => {
  const pair = new RegExp(`--${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(sheet)
  assert.ok(pair, `there is no colour ${name}`)
  return pair[scheme + 1] ?? ''
}

/** Relative luminance (WCAG 2.2). */
const luminance = (hex: string): number => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(at => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

const grounds = ['bg', 'surface', 'hover', 'selected']

describe('the colours', () => {
  it('are measured as they should be', () => {
    assert.equal(contrast('#000000', '#ffffff'), 21)
    assert.equal(Math.round(contrast('#515c6b', '#ffffff') * 10) / 10, 6.8)
  })

  for (const [scheme, index] of [
    ['light', 0],
    ['dark', 1],
  ] as const) {
    it(`of text can be read in ${scheme} (4.5 to 1)`, () => {
      for (const text of ['text', 'text-muted', 'text-faint', 'accent']) {
        for (const ground of grounds) {
          const value = contrast(colour(text, index), colour(ground, index))
          assert.equal(value >= 4.5, true, `${text} on ${ground}: ${value.toFixed(2)}`)
        }
      }
      for (const text of ['danger', 'warn', 'ok']) {
        for (const ground of ['bg', 'surface']) {
          const value = contrast(colour(text, index), colour(ground, index))
          assert.equal(value >= 4.5, true, `${text} on ${ground}: ${value.toFixed(2)}`)
        }
      }
      assert.equal(contrast(colour('on-accent', index), colour('accent', index)) >= 4.5, true)
    })

    it(`of controls and of the focus can be seen in ${scheme} (3 to 1)`, () => {
      for (const line of ['border-strong', 'focus']) {
        for (const ground of ['bg', 'surface']) {
          const value = contrast(colour(line, index), colour(ground, index))
          assert.equal(value >= 3, true, `${line} on ${ground}: ${value.toFixed(2)}`)
        }
      }
    })
  }
})
