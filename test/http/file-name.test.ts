import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanFileName, FileNames, portableFileName } from '../../server/http/file-name.ts'

test('A name is one that every file system takes', () => {
  for (const [name, portable] of [
    ['42 Reset your password.eml', '42 Reset your password.eml'],
    ['../../etc/passwd', '_._etc_passwd'],
    ['C:\\Windows\\x.dll', 'C__Windows_x.dll'],
    ['a\0b\r\nc\u202efdp.exe', 'abcfdp.exe'],
    ['what? "now" <or> | *', 'what_ _now_ _or_ _ _'],
    ['CON', '_CON'],
    ['nul.txt', '_nul.txt'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['CON .txt', '_CON.txt'],
    ['lpt1 . ', '_lpt1'],
    ['console.log', 'console.log'],
    ['', 'attachment'],
    ['...', 'attachment'],
    ['name. ', 'name'],
    ['Cafe\u0301.txt', 'Café.txt'],
  ] as const) {
    assert.equal(portableFileName(name), portable, JSON.stringify(name))
  }
})

test('A long name keeps its extension and is cut at a whole character', () => {
  assert.equal(portableFileName(`${'😀'.repeat(200)}.eml`), `${'😀'.repeat(44)}.eml`)
  assert.equal(portableFileName('x'.repeat(500)), 'x'.repeat(180))
  assert.equal(portableFileName(`x.${'y'.repeat(500)}`).length, 180)
})

test('No length of a name turns it into a file of another kind', () => {
  for (let length = 1; length < 1_100; length++) {
    const long = 'a'.repeat(length)
    for (const toName of [cleanFileName, portableFileName]) {
      for (const [name, end] of [
        [`${long}.exe${'b'.repeat(50)}.eml`, /\.eml$/],
        [`${long}.exe.pdf`, /a(?:\.exe|\.ex|\.e)?\.pdf$/],
        [`${long}.exe.pdf . .`, /a(?:\.exe|\.ex|\.e)?\.pdf$/],
        [`${long}.exe${'b'.repeat(50)}`, /^[^.]*(?:\.exeb+)?$/],
        [`${long}.exe.${'b'.repeat(50)}`, /^[^.]*(?:\.exe\.b+)?$/],
        [`${long}.exe${'😀'.repeat(300)}`, /^[^.]*(?:\.exe(?:😀)+)?$/u],
      ] as const) {
        assert.match(toName(name), end)
        assert.doesNotMatch(toName(name), /\.exe$/i)
      }
    }
  }
})

test('No name comes twice, also where case does not count', () => {
  const names = new FileNames()
  assert.deepEqual(
    ['a.txt', 'a.txt', 'A.TXT', 'a (2).txt', 'b', 'b', '..', ''].map(name => names.take(name)),
    [
      'a.txt',
      'a (2).txt',
      'A (3).TXT',
      'a (2) (2).txt',
      'b',
      'b (2)',
      'attachment',
      'attachment (2)',
    ],
  )
})
