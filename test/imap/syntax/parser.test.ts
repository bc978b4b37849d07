import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ImapError, ImapSyntaxError } from '../../../server/imap/errors.ts'
import { MAX_DEPTH, Parser } from '../../../server/imap/syntax/parser.ts'
import { commandText } from '../../helpers/command-text.ts'

const open = (sent: string, isUtf8 = false) => new Parser(commandText(sent), { isUtf8 })

/** Reads all of the text. */
const read = <Value>(sent: string, method: (parser: Parser) => Value, isUtf8 = false): Value => {
  const parser = open(sent, isUtf8)
  const value = method(parser)
  assert.ok(parser.isAtEnd, `${sent}: stopped at ${parser.at}`)
  return value
}

const assertRefused = (sent: string, method: (parser: Parser) => unknown, position?: number) => {
  const isRefusal = (error: unknown) => {
    assert.ok(error instanceof ImapSyntaxError, String(error))
    assert.match(error.response, /^BAD .+ at octet \d+$/)
    assert.equal(error.position, position ?? error.position, error.message)
    return true
  }
  const whole = (parser: Parser) => {
    method(parser)
    parser.end()
  }
  assert.throws(() => whole(open(sent)), isRefusal, sent)
}

test('atoms, tags and words end where their characters end', () => {
  const atom = (parser: Parser) => parser.atom()
  assert.equal(read("!#$&'+,-./09:;<=>?@AZ[^_`az|}~", atom), "!#$&'+,-./09:;<=>?@AZ[^_`az|}~")
  assertRefused('', atom, 0)
  for (const wrong of [' a', '(', ')', '{', '%', '*', '"', '\\', ']', '\x7f', '\0', '\xfc']) {
    assertRefused(wrong, atom, 0)
    assertRefused(`a${wrong}b`, atom)
  }
})

test('a tag has no plus', () => {
  const tag = (parser: Parser) => parser.tag()
  assert.equal(read('a.1]', tag), 'a.1]')
  assertRefused('+', tag, 0)
  assertRefused('a+', tag, 1)
})

test('words have no case, and are whole', () => {
  assert.equal(
    read('body.peek', parser => parser.word()),
    'BODY.PEEK',
  )
  const parser = open('flags.Silent (x')
  assert.equal(parser.acceptsWord('FLAGS'), false)
  assert.equal(parser.peekWord(), 'FLAGS.SILENT')
  assert.equal(parser.oneOf(['FLAGS', 'FLAGS.SILENT'], 'x'), 'FLAGS.SILENT')
  assert.equal(parser.peekWord(' ('), 'X')
  assert.equal(parser.peekWord('('), '')
  assert.equal(parser.accepts('('), false)
  assert.equal(parser.accepts(' ('), true)
  assert.equal(parser.acceptsWord('X'), true)
  assert.equal(parser.peekWord(), '')
  assertRefused('z', parser => parser.oneOf(['A', 'B'], 'A or B'), 0)
})

test('strings are quoted, literal or bare', () => {
  const astring = (parser: Parser) => parser.astring()
  assert.equal(read('a]b', astring), 'a]b')
  assert.equal(read('""', astring), '')
  assert.equal(read('"a \\"b\\" \\\\ (){}%*"', astring), 'a "b" \\ (){}%*')
  assert.equal(read('{0}\r\n', astring), '')
  assert.equal(read('{6+}\r\na"\r\n\\{', astring), 'a"\r\n\\{')
  assert.equal(read('~{3}\r\na\0b', astring), 'a\0b')
  assert.equal(read('"\xc3\xbc"', astring), 'ü')
  assert.equal(read('{2}\r\n\xc3\xbc', astring), 'ü')
  const wrong = [
    '',
    '"',
    '"a',
    '"\\a"',
    '"a\rb"',
    '"a\0b"',
    '"\xfc"',
    '\xc3\xbc',
    '{3',
    'a b',
    'a\\',
  ]
  for (const text of wrong) assertRefused(text, astring)
  assertRefused('{3}\r\na\0b', astring)
  assertRefused('{1}\r\n\xfc', astring)
  // A literal whose octets have yet to come is no string.
  assertRefused('{3}', astring, 0)
})

test('strings take no atom, and nstrings take NIL', () => {
  assertRefused('a', parser => parser.string(), 0)
  assert.equal(
    read('nil', parser => parser.nstring()),
    null,
  )
  assert.equal(
    read('"NIL"', parser => parser.nstring()),
    'NIL',
  )
  assertRefused('NILS', parser => parser.nstring(), 0)
})

test('literals are found by where they are', () => {
  const parser = open('{1}\r\na {1}\r\nb {1}\r\nc')
  assert.equal(parser.astring(), 'a')
  parser.space()
  assert.equal(parser.astring(), 'b')
  parser.space()
  assert.equal(parser.astring(), 'c')
  parser.end()
  const pair = open('{1}\r\na{1}\r\nb')
  assert.equal(pair.astring() + pair.astring(), 'ab')
})

test('a streamed literal is known, not read', () => {
  const parser = open('box ~{99999}')
  parser.astring()
  parser.space()
  const { size, isBinary, end } = parser.streamedLiteral()
  assert.deepEqual([size, isBinary, end, parser.isAtEnd], [99_999, true, 12, true])
  assertRefused('{1}\r\na', parser => parser.streamedLiteral(), 0)
  assertRefused('a', parser => parser.streamedLiteral(), 0)
})

test('numbers have their limits', () => {
  assert.equal(
    read('0', parser => parser.number()),
    0,
  )
  assert.equal(
    read('4294967295', parser => parser.number()),
    4_294_967_295,
  )
  assertRefused('4294967296', parser => parser.number(), 0)
  assertRefused('', parser => parser.number(), 0)
  assertRefused('-1', parser => parser.number(), 0)
  assertRefused('1e3', parser => parser.number(), 1)
  assert.equal(
    read('1', parser => parser.nzNumber()),
    1,
  )
  for (const text of ['0', '01', '4294967296', 'a']) {
    assertRefused(text, parser => parser.nzNumber(), 0)
  }
  assert.equal(
    read('9223372036854775807', parser => parser.number64()),
    2 ** 63,
  )
  assert.equal(
    read('00000000000000000000007', parser => parser.number64()),
    7,
  )
  assertRefused('9223372036854775808', parser => parser.number64(), 0)
  assertRefused('9'.repeat(60_000), parser => parser.number64(), 0)
})

test('lists have one space between their items', () => {
  const list = (parser: Parser) => parser.list(() => parser.atom())
  assert.deepEqual(read('()', list), [])
  assert.deepEqual(read('(a b)', list), ['a', 'b'])
  for (const text of ['', '(', '(a', '(a ', '(a )', '( a)', '(a  b)', '(a\tb)', ')', 'a']) {
    assertRefused(text, list)
  }
  assertRefused('()', parser => parser.list(() => parser.atom(), 1), 1)
})

test('parentheses nest so deep, and 10 000 of them are refused at once', () => {
  const deep = (parser: Parser): unknown =>
    parser.sees('(') ? parser.list(() => deep(parser)) : parser.atom()
  const nest = (depth: number) => `${'('.repeat(depth)}a${')'.repeat(depth)}`
  read(nest(MAX_DEPTH), deep)
  assertRefused(nest(MAX_DEPTH + 1), deep, MAX_DEPTH + 1)
  assertRefused(nest(10_000), deep, MAX_DEPTH + 1)
  // What is beside one another is not nested.
  read(`(${Array(100).fill('(a)').join(' ')})`, deep)
})

test('dates are quoted or bare, times quoted', () => {
  const date = Date.parse('1994-02-01T00:00:00Z')
  assert.equal(
    read('1-Feb-1994', parser => parser.date()),
    date,
  )
  assert.equal(
    read('"01-feb-1994"', parser => parser.date()),
    date,
  )
  for (const text of ['"1-Feb-1994', '1-Feb-1994"', '31-Feb-1994', '1-Feb', '1-2-1994']) {
    assertRefused(text, parser => parser.date())
  }
  assert.equal(
    read('" 1-Feb-1994 00:00:00 +0000"', parser => parser.dateTime()),
    date,
  )
  for (const text of ['1-Feb-1994', '"1-Feb-1994"', '""', '"31-Feb-1994 00:00:00 +0000"']) {
    assertRefused(text, parser => parser.dateTime(), 0)
  }
})

test('sets are read with their limits', () => {
  const set = (parser: Parser) => parser.sequenceSet()
  assert.deepEqual(read('$', set), { kind: 'saved' })
  assert.deepEqual(read('3:1', set), { kind: 'ranges', ranges: [{ first: 1, last: 3 }] })
  for (const text of ['', '0', 'a', '1,', '1:4294967296', '1,$']) assertRefused(text, set)
  const many = Array.from({ length: 13_000 }, (_, at) => 2 * at + 1).join(',')
  assert.ok(many.length > 65_000)
  const long = read(many, set)
  assert.equal(long.kind === 'ranges' && long.ranges.length, 13_000)
})

test('flags are those that a client may set', () => {
  const flags = (parser: Parser) => parser.flagList()
  assert.deepEqual(read('()', flags), [])
  assert.deepEqual(read('(\\seen $foo \\SEEN)', flags), ['\\Seen', '$foo'])
  for (const text of [
    '(\\Recent)',
    '(\\*)',
    '(\\)',
    '(\\foo)',
    '("\\\\Seen")',
    '\\Seen',
    '(a,(b))',
  ]) {
    assertRefused(text, flags)
  }
})

test('mailbox names are read in either encoding', () => {
  const mailbox = (parser: Parser) => parser.mailbox()
  assert.equal(read('inbox', mailbox), 'INBOX')
  assert.equal(read('"inbox"', mailbox), 'INBOX')
  assert.equal(read('{5}\r\nInBoX', mailbox), 'INBOX')
  assert.equal(read('Entw&APw-rfe', mailbox), 'Entwürfe')
  assert.equal(read('Entw&APw-rfe', mailbox, true), 'Entw&APw-rfe')
  assert.equal(read('"Entw\xc3\xbcrfe"', mailbox, true), 'Entwürfe')
  assert.equal(read('"Entw\xc3\xbcrfe"', mailbox), 'Entwürfe')
  const isRefusal = (error: unknown) => error instanceof ImapError && error.code === 'CANNOT'
  assert.throws(() => open('R&D').mailbox(), isRefusal)
  const pattern = (parser: Parser) => parser.listMailbox()
  assert.equal(read('%/a*', pattern), '%/a*')
  assert.equal(read('"%/a *"', pattern), '%/a *')
  assert.equal(read('*&APw-', pattern), '*ü')
  assertRefused('a*', mailbox, 1)
  assertRefused('', pattern, 0)
})

test('base64 is what it stands for', () => {
  const base64 = (parser: Parser) => String(parser.base64())
  assert.equal(read('AGEAYg==', base64), '\0a\0b')
  assert.equal(read('=', base64), '')
  for (const text of ['', 'AGEAY', 'A===', '==', 'AGE=AGE=', 'AG!E', 'AGEA=']) {
    assertRefused(text, base64)
  }
})

test('nothing comes after the end but spaces', () => {
  open('').end()
  open('  ').end()
  assertRefused('  a', () => {}, 2)
  assertRefused('\t', () => {}, 0)
})

test('whatever comes, it is a value or an error of ours, in no time', () => {
  const unit = fc.constantFrom(...'()[]{}<>"\\%*$~+-.:,0129aA \t\r\n\0\x7f\xfc\xc3')
  const methods: ((parser: Parser) => unknown)[] = [
    parser => parser.tag(),
    parser => parser.word(),
    parser => parser.atom(),
    parser => parser.astring(),
    parser => parser.nstring(),
    parser => parser.number(),
    parser => parser.nzNumber(),
    parser => parser.number64(),
    parser => parser.list(() => parser.astring()),
    parser => parser.date(),
    parser => parser.dateTime(),
    parser => parser.sequenceSet(),
    parser => parser.flag(),
    parser => parser.flagList(),
    parser => parser.mailbox(),
    parser => parser.listMailbox(),
    parser => parser.base64(),
    parser => parser.streamedLiteral(),
    parser => parser.end(),
  ]
  const property = fc.property(
    fc.string({ unit, maxLength: 60 }),
    fc.array(fc.constantFrom(...methods), { maxLength: 5 }),
    fc.boolean(),
    (sent, calls, isUtf8) => {
      const parser = open(sent, isUtf8)
      for (const call of calls) {
        const before = parser.at
        try {
          call(parser)
        } catch (error) {
          assert.ok(error instanceof ImapError, String(error))
          return
        }
        assert.ok(parser.at >= before)
      }
    },
  )
  fc.assert(property, { seed: 42, numRuns: 5_000 })
})
