import { signal } from '@preact/signals'
import { announce } from './announce.ts'
import { previewWidth, previewWidths } from './settings.ts'
import { laterStrings } from './strings-later.ts'

/** How the HTML of a mail is looked at. The width is remembered, the rest lasts as long as the page. */

/** Goes to the next narrower preset, and from the narrowest back to full width. */
export const nextWidth = (): void => {
  const { value } = previewWidth
  const next = previewWidths.presets.find(
    width => width !== null && (value === null || width < value),
  )
  previewWidth.value = next ?? null
  announce(laterStrings.preview.width(previewWidth.value))
}

const zooms: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 2]
export const previewZoom = signal(1)

/** Makes the mail larger (1) or smaller (-1) by one step. */
export const zoomBy = (direction: 1 | -1): void => {
  const at = zooms.indexOf(previewZoom.value)
  previewZoom.value = zooms[at + direction] ?? previewZoom.value
  announce(laterStrings.preview.zoom(previewZoom.value))
}

/**
 * `styles`: the mail's own dark styles apply, as in Apple Mail; `forced`: every mail is made dark, roughly as Gmail and
 * Outlook do it.
 */
export type Scheme = 'light' | 'styles' | 'forced'
export const schemes: readonly Scheme[] = ['light', 'styles', 'forced']
export const previewScheme = signal<Scheme>('light')

/** Goes on to the next of the three ways to see a mail. */
export const toggleDark = (): void => {
  const at = schemes.indexOf(previewScheme.value)
  previewScheme.value = schemes[(at + 1) % schemes.length] ?? 'light'
  announce(laterStrings.preview.schemes[previewScheme.value])
}
