import assert from 'node:assert/strict'
import { homedir } from 'node:os'
import { test } from 'node:test'
import {
  basePathKind,
  countKind,
  credentialsKind,
  durationKind,
  hostKind,
  hostListKind,
  type Kind,
  originListKind,
  pathKind,
  portKind,
  sizeKind,
  switchKind,
  textKind,
  urlKind,
} from '../server/option-kinds.ts'

/** Each text with the value it means; undefined: none. What a text means a program may give too. */
function means<T>(
  name: string,
  kind: Kind<T>,
  cases: readonly (readonly [string, T | undefined])[],
) {
  test(name, () => {
    for (const [text, value] of cases) {
      assert.deepEqual(kind.parse(text, '/base'), value, JSON.stringify(text))
      if (value !== undefined) assert.equal(kind.accepts(value), true, JSON.stringify(value))
    }
    assert.equal(kind.accepts({}), false)
    assert.equal(kind.accepts(Number.NaN), false)
    assert.equal(kind.accepts('__proto__ '), false)
  })
}

means('a port', portKind, [
  ['1025', 1025],
  ['0', 0],
  ['65535', 65535],
  ['off', null],
  ['65536', undefined],
  ['-1', undefined],
  ['1e3', undefined],
  ['0x10', undefined],
  ['', undefined],
  [' 25', undefined],
])

means('a switch', switchKind, [
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
  ['yes', undefined],
  ['__proto__', undefined],
  ['constructor', undefined],
])

means('a count', countKind, [
  ['1', 1],
  ['10000', 10_000],
  ['0', undefined],
  ['1.5', undefined],
  ['9999999999999999', undefined],
])

means('a size', sizeKind, [
  ['50MiB', 50 * 2 ** 20],
  ['1GiB', 2 ** 30],
  ['1.5 GiB', 1.5 * 2 ** 30],
  ['2M', 2 * 2 ** 20],
  ['2MB', 2_000_000],
  ['4096', 4096],
  ['10kb', 10_000],
  ['0', undefined],
  ['MiB', undefined],
  ['1TiBB', undefined],
  ['1constructor', undefined],
  ['99999999999999GiB', undefined],
])

means('a duration', durationKind, [
  ['7d', 7 * 86_400_000],
  ['1.5h', 5_400_000],
  ['30m', 1_800_000],
  ['250ms', 250],
  ['none', null],
  ['7', undefined],
  ['d', undefined],
  ['-1d', undefined],
])

means('a host', hostKind, [
  ['localhost', null],
  ['0.0.0.0', '0.0.0.0'],
  ['[::]', '::'],
  ['::1', '::1'],
  ['example.com', undefined],
  ['127.1', undefined],
])

means('a login', credentialsKind, [
  ['ann:s3cret', { user: 'ann', password: 's3cret' }],
  ['ann:with:colon', { user: 'ann', password: 'with:colon' }],
  ['ann', undefined],
  [':x', undefined],
  ['ann:', undefined],
])

means('a URL', urlKind, [
  ['http://localhost:8025', 'http://localhost:8025/'],
  ['HTTPS://mail.test/box', 'https://mail.test/box/'],
  ['http://[::1]:8025/', 'http://[::1]:8025/'],
  ['localhost:8025', undefined],
  ['ftp://a.test/', undefined],
  ['http://ann:secret@a.test/', undefined],
  ['http://a.test/?q=x', undefined],
  ['http://a.test/#x', undefined],
  ['http://', undefined],
])

test('a text is any but none', () => {
  assert.equal(textKind.parse(' ', ''), ' ')
  assert.equal(textKind.parse('', ''), undefined)
  assert.deepEqual([textKind.accepts(null), textKind.accepts(1)], [true, false])
})

means('a base path', basePathKind, [
  ['/', '/'],
  ['mail', '/mail/'],
  ['/mail/box/', '/mail/box/'],
  ['//mail//', '/mail/'],
  ['/a/../b', undefined],
  ['/a b', undefined],
  ['/a?b', undefined],
  ['/<script>', undefined],
])

means('host names', hostListKind, [
  ['Mail.Test', ['mail.test']],
  ['a, b.c', ['a', 'b.c']],
  ['a:80', undefined],
  ['a,', undefined],
  ['*', undefined],
])

means('origins', originListKind, [
  ['https://app.test:3000', ['https://app.test:3000']],
  ['http://a.test/,http://b.test', ['http://a.test', 'http://b.test']],
  ['null', undefined],
  ['*', undefined],
  ['ftp://a.test', undefined],
  ['https://app.test/path', undefined],
])

test('a path starts where it was written', () => {
  assert.equal(pathKind.parse('mail', '/base'), '/base/mail')
  assert.equal(pathKind.parse('/mail', '/base'), '/mail')
  assert.equal(pathKind.parse('~/mail', '/base'), `${homedir()}/mail`)
  assert.equal(pathKind.parse('~ann/mail', '/base'), '/base/~ann/mail')
  assert.equal(pathKind.parse('', '/base'), undefined)
  assert.equal(pathKind.parse('a\0b', '/base'), undefined)
})
