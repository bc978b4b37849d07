import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  readParameters,
  readWrittenParameters,
  withoutComments,
} from '../../server/mime/parameters.ts'

const parameter = (text: string, name: string) => readParameters(text).parameters.get(name)

test('a value and its parameters', () => {
  const { value, parameters } = readParameters('Text/Plain ; Charset=UTF-8; format="flowed"')
  assert.equal(value, 'text/plain')
  assert.deepEqual(
    [...parameters],
    [
      ['charset', 'UTF-8'],
      ['format', 'flowed'],
    ],
  )
  assert.equal(readParameters('').value, '')
})

test('comments (RFC 2045 §5.1)', () => {
  const { value, parameters } = readParameters(
    'text/plain (a; "b); charset=us-ascii (Plain (nested) text) ; x="(kept)"',
  )
  assert.equal(value, 'text/plain')
  assert.equal(parameters.get('charset'), 'us-ascii')
  assert.equal(parameters.get('x'), '(kept)')
  assert.equal(withoutComments('a(b)c (d'), 'a c (d')
})

test('quoted strings, and those that are broken', () => {
  assert.equal(parameter('a; n="x;y\\"z\\\\"', 'n'), 'x;y"z\\')
  assert.equal(parameter('a; n="open; m=2', 'n'), 'open')
  assert.equal(parameter('a; n="open; m=2', 'm'), '2')
  assert.equal(parameter('a; n=two words; m=2', 'n'), 'two words')
  assert.equal(parameter('a; n=report (1).pdf', 'n'), 'report (1).pdf')
  assert.equal(parameter('a; n=a=b', 'n'), 'a=b')
  assert.equal(parameter('a; n=', 'n'), '')
  assert.equal(parameter('a; n', 'n'), undefined)
})

test('the examples of RFC 2231 §3 and §4', () => {
  assert.equal(
    parameter(
      'message/external-body; access-type=URL; URL*0="ftp://"; URL*1="cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar"',
      'url',
    ),
    'ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar',
  )
  assert.equal(
    parameter(
      "application/x-stuff; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A",
      'title',
    ),
    'This is ***fun***',
  )
  assert.equal(
    parameter(
      "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"",
      'title',
    ),
    "This is even more ***fun*** isn't it!",
  )
})

test('continuations out of order, with a gap, or without a beginning', () => {
  assert.equal(parameter('a; n*1=b; n*0=a; n*3=d', 'n'), 'ab')
  assert.equal(parameter('a; n*1=b', 'n'), undefined)
  assert.equal(parameter("a; n*0*=utf-8''%C3; n*1*=%BC", 'n'), 'ü', 'a character cut in two')
})

test('`name*` holds over `name`, the first over the second', () => {
  assert.equal(parameter("a; n=plain; n*=utf-8''%E2%82%AC", 'n'), '€')
  assert.equal(parameter("a; n*=utf-8''%E2%82%AC; n=plain", 'n'), '€')
  assert.equal(parameter('a; n=1; n=2', 'n'), '1')
})

test('encoded-words, as mail programs really send file names', () => {
  assert.equal(
    parameter('attachment; filename="=?UTF-8?B?R3LDtsOfZS5wZGY=?="', 'filename'),
    'Größe.pdf',
  )
  assert.equal(
    parameter('attachment; filename==?UTF-8?Q?Gr=C3=B6=C3=9Fe.pdf?=', 'filename'),
    'Größe.pdf',
  )
  assert.equal(
    parameter('attachment; filename*0="=?UTF-8?Q?a=C3"; filename*1="=BC?="', 'filename'),
    'aü',
  )
})

test('hostile names and sizes', () => {
  const { parameters } = readParameters('a; __proto__=x; constructor=y; *=1; =2; *0=3')
  assert.equal(parameters.get('__proto__'), 'x')
  assert.equal(Object.getPrototypeOf({}), Object.prototype)
  assert.equal(({} as Record<string, unknown>).x, undefined)
  const sections = Array.from({ length: 20_000 }, (_, i) => `n*${i}=x`).join(';')
  assert.equal(parameter(`a;${sections}`, 'n')?.length, 20_000)
  assert.equal(parameter('a; n="\0\r\n"', 'n'), '   ')
  for (const hostile of ['"', '(', '(\\', '"\\', ';', '=', '*', "'", '((((()']) {
    readParameters(hostile.repeat(200_000))
  }
})

test('as they are written: sections joined, nothing decoded', () => {
  const cases: readonly [string, ...(readonly [string, string])[]][] = [
    [
      't/s; A=b; c="d e"; f="=?utf-8?q?=C3=B6?="',
      ['a', 'b'],
      ['c', 'd e'],
      ['f', '=?utf-8?q?=C3=B6?='],
    ],
    ['t/s; n*1=b; x=1; n*0=a', ['x', '1'], ['n', 'ab']],
    ["t/s; n*=utf-8'en'%C3%B6", ['n*', "utf-8'en'%C3%B6"]],
    ['t/s; n*0*=utf-8\'\'%C3; n*1*=%B6; n*2=" 1%"', ['n*', "utf-8''%C3%B6%201%25"]],
    ['t/s; n*0="a b"; n*1*=%20c', ['n*', "''a%20b%20c"]],
    ['t/s; n*0=a; n*2=c; n*2=d', ['n', 'a'], ['n*2', 'c'], ['n*2', 'd']],
    ['t/s; n*1=b', ['n*1', 'b']],
    ['t/s; n*x=b; *0=c; =d; e', ['n*x', 'b'], ['*0', 'c']],
    ["t/s; n=a; n=b; n*=''c", ['n', 'a'], ['n', 'b'], ['n*', "''c"]],
    ['t/s'],
    [''],
  ]
  for (const [text, ...expected] of cases) {
    assert.deepEqual(readWrittenParameters(text), expected, text)
  }
})
