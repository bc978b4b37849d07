import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readTable, tableLimits } from '../../../web/parts/table.ts'

const rows = (text: string, type = 'text/csv') => readTable(text, type).rows

describe('a table of values', () => {
  it('is read as RFC 4180 has it', () => {
    assert.deepEqual(rows('a,b\r\n"x ""y"", z","two\r\nlines"\r\n,\r\n'), [
      ['a', 'b'],
      ['x "y", z', 'two\r\nlines'],
      ['', ''],
    ])
    assert.deepEqual(rows('=1+1'), [['=1+1']])
    assert.deepEqual(rows(''), [])
    assert.deepEqual(rows('a,"open'), [['a', 'open']])
  })

  it('may be parted by tabs, or by semicolons', () => {
    assert.deepEqual(rows('a;b,c;d\n1;2;3'), [
      ['a', 'b,c', 'd'],
      ['1', '2', '3'],
    ])
    assert.deepEqual(rows('a,b\tc', 'text/tab-separated-values'), [['a,b', 'c']])
  })

  it('is cut where it is too long or too wide, and takes no time', () => {
    const long = readTable('a\n'.repeat(tableLimits.rows + 1), 'text/csv')
    assert.deepEqual([long.rows.length, long.isCut], [tableLimits.rows, true])
    const wide = readTable(','.repeat(1_000_000), 'text/csv')
    assert.deepEqual([wide.rows[0]?.length, wide.isCut], [tableLimits.columns, true])
    assert.equal(readTable('a\n'.repeat(tableLimits.rows), 'text/csv').isCut, false)
    const start = performance.now()
    readTable('"'.repeat(1_000_000), 'text/csv')
    assert.ok(performance.now() - start < 2_000)
  })
})
