import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentDisposition } from '../../server/http/content-disposition.ts'

test('A file name is written twice, in ASCII and whole (RFC 6266, RFC 8187)', () => {
  for (const [name, ascii, whole] of [
    ['list.csv', 'list.csv', 'list.csv'],
    ['Grüße 1.pdf', 'Gr__e 1.pdf', 'Gr%C3%BC%C3%9Fe%201.pdf'],
    ['日本😀.txt', '___.txt', '%E6%97%A5%E6%9C%AC%F0%9F%98%80.txt'],
    ['a"b\\c/d:e', 'a_b_c_d_e', 'a%22b_c_d_e'],
    ["it's (a) *star*", 'it_s _a_ _star_', 'it%27s%20%28a%29%20%2Astar%2A'],
    ['../../.ssh/id_rsa', '_.._.ssh_id_rsa', '_.._.ssh_id_rsa'],
    ['..', 'attachment', 'attachment'],
    ['', 'attachment', 'attachment'],
    ['a\r\nSet-Cookie: x=1', 'aSet-Cookie_ x_1', 'aSet-Cookie_%20x%3D1'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe', 'invoicefdp.exe'],
    ['a\ud800b', 'ab', 'ab'],
    ['name.  . ', 'name', 'name'],
    ['aux.txt', '_aux.txt', '_aux.txt'],
    ['%41;filename=evil', '_41_filename_evil', '%2541%3Bfilename%3Devil'],
  ] as const) {
    assert.equal(
      contentDisposition('attachment', name),
      `attachment; filename="${ascii}"; filename*=UTF-8''${whole}`,
    )
  }
})

test('A long name is cut at a whole character', () => {
  const field = contentDisposition('inline', '😀'.repeat(5_000))
  const encoded = /filename\*=UTF-8''(.*)$/.exec(field)?.[1] ?? ''
  assert.equal(encoded, '%F0%9F%98%80'.repeat(25))
  assert.equal(/filename="(_+)"/.exec(field)?.[1]?.length, 100)
  // Linear, whatever it ends in.
  assert.match(contentDisposition('inline', `a${' '.repeat(5_000_000)}`), /filename="a"/)
})
