import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { nextWidth, previewScheme, previewZoom, toggleDark, zoomBy } from '../../web/preview.ts'
import { previewWidth, previewWidths, setPreviewWidth } from '../../web/settings.ts'

describe('how HTML is looked at', () => {
  beforeEach(() => {
    previewWidth.value = null
    previewZoom.value = 1
    previewScheme.value = 'light'
  })

  it('goes from preset to preset, and from the narrowest back to full width', () => {
    const seen = previewWidths.presets.map(() => {
      nextWidth()
      return previewWidth.value
    })
    assert.deepEqual(seen, [768, 600, 390, 375, 320, null])
    setPreviewWidth(500)
    nextWidth()
    assert.equal(previewWidth.value, 390)
  })

  it('has a least and a most width, in whole pixels', () => {
    for (const [asked, given] of [
      [1, previewWidths.least],
      [9_999, previewWidths.most],
      [412.6, 413],
      [null, null],
    ] as const) {
      setPreviewWidth(asked)
      assert.equal(previewWidth.value, given)
    }
  })

  it('is enlarged and made smaller step by step, up to an end', () => {
    zoomBy(-1)
    assert.equal(previewZoom.value, 0.75)
    for (let step = 0; step < 9; step++) zoomBy(1)
    assert.equal(previewZoom.value, 2)
    for (let step = 0; step < 9; step++) zoomBy(-1)
    assert.equal(previewZoom.value, 0.5)
  })

  it('is light, dark by its own styles, dark by force, and light again', () => {
    const seen = [1, 2, 3].map(() => {
      toggleDark()
      return previewScheme.value
    })
    assert.deepEqual(seen, ['styles', 'forced', 'light'])
  })
})
