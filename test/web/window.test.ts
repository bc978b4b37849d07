import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Geometry,
  rowsInView,
  rowTop,
  scrollHeight,
  scrollTopFor,
  scrollTopToReveal,
  viewStart,
} from '../../web/window.ts'

const small: Geometry = { rowHeight: 64, viewHeight: 640, total: 100_000 }
const huge: Geometry = { rowHeight: 64, viewHeight: 640, total: 1_000_000 }

describe('the window of the list', () => {
  it('renders what is in view and a little more', () => {
    assert.deepEqual(rowsInView(small, 0, 6), { start: 0, end: 16 })
    assert.deepEqual(rowsInView(small, 6400, 6), { start: 94, end: 116 })
    assert.deepEqual(rowsInView(small, 6432, 6), { start: 94, end: 117 })
    assert.deepEqual(rowsInView({ ...small, total: 3 }, 0, 6), { start: 0, end: 3 })
    assert.deepEqual(rowsInView({ ...small, total: 0 }, 0, 6), { start: 0, end: 0 })
  })

  it('is as high as its rows up to what browsers bear', () => {
    assert.equal(scrollHeight(small), 6_400_000)
    assert.equal(scrollHeight(huge), 12_000_000)
  })

  it('reaches both ends of a list that is higher than that', () => {
    const end = scrollHeight(huge) - huge.viewHeight
    assert.deepEqual(rowsInView(huge, 0, 0), { start: 0, end: 10 })
    assert.deepEqual(rowsInView(huge, end, 0), { start: 999_990, end: 1_000_000 })
    // The last row ends where the scrolled element ends.
    assert.equal(rowTop(huge, end, 999_999) + 64, 12_000_000)
  })

  it('draws a row where it is looked for', () => {
    for (const geometry of [small, huge]) {
      for (const index of [0, 1, 4321, geometry.total >> 1]) {
        const top = scrollTopFor(geometry, index * 64)
        assert.equal(Math.round(viewStart(geometry, top)), index * 64)
        assert.equal(Math.abs(rowTop(geometry, top, index) - top) <= 1, true)
      }
    }
  })

  it('scrolls no further than it must to bring a row into view', () => {
    assert.equal(scrollTopToReveal(small, 1000, 20), 1000)
    assert.equal(scrollTopToReveal(small, 1000, 3), 192)
    assert.equal(scrollTopToReveal(small, 0, 10), 64)
    assert.equal(scrollTopToReveal(small, 0, 99_999), 6_400_000 - 640)
  })

  it('keeps within the list where that is shorter than the view', () => {
    const short = { ...small, total: 4 }
    assert.equal(scrollTopFor(short, 500), 0)
    assert.equal(viewStart(short, -20), 0)
  })
})
