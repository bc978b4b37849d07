import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCommand } from '../../../../server/imap/command.ts'
import type { FetchArguments } from '../../../../server/imap/commands/fetch/fetch.ts'
import type { FetchItem } from '../../../../server/imap/commands/fetch/items.ts'
import { printSection, type Section } from '../../../../server/imap/commands/fetch/section.ts'
import { ImapError, ImapSyntaxError } from '../../../../server/imap/errors.ts'
import { commandText } from '../../../helpers/command-text.ts'

const fetch = (sent: string): FetchArguments => {
  const command = parseCommand(commandText(`a ${sent}`))
  assert.ok(command.name === 'FETCH' || command.name === 'UID FETCH')
  return command.args
}
const items = (text: string) => fetch(`FETCH 1 ${text}`).items
const assertRefused = (...commands: string[]) => {
  for (const sent of commands) assert.throws(() => fetch(sent), ImapSyntaxError, sent)
}

const CONTENT = { kind: 'CONTENT' } as const

test('macros stand for their items', () => {
  const fast = [{ name: 'FLAGS' }, { name: 'INTERNALDATE' }, { name: 'RFC822.SIZE' }]
  assert.deepEqual(items('fast'), fast)
  assert.deepEqual(items('ALL'), [...fast, { name: 'ENVELOPE' }])
  assert.deepEqual(items('FULL'), [...fast, { name: 'ENVELOPE' }, { name: 'BODY' }])
  assertRefused('FETCH 1 (ALL)', 'FETCH 1 FLAGS ALL')
})

test('plain items', () => {
  const names =
    `FLAGS UID INTERNALDATE ENVELOPE BODYSTRUCTURE RFC822.SIZE RFC822 RFC822.HEADER RFC822.TEXT MODSEQ
    EMAILID THREADID SAVEDATE BODY`.split(/\s+/)
  assert.deepEqual(
    items(`(${names.join(' ').toLowerCase()})`),
    names.map(name => ({ name })),
  )
  for (const name of names) assert.deepEqual(items(name), [{ name }])
  assertRefused('FETCH 1', 'FETCH 1 ()', 'FETCH 1 FOO', 'FETCH 1 (FLAGS UID', 'FETCH 1 FLAGS UID')
})

test('sections', () => {
  const section = (part: string, text: Section['text'] = CONTENT) => ({ part, text })
  const body = (values: object) => ({
    name: 'BODY[]',
    section: section(''),
    partial: null,
    isPeek: false,
    ...values,
  })
  assert.deepEqual(items('BODY[]'), [body({})])
  assert.deepEqual(items('body.peek[]<0.65536>'), [
    body({ isPeek: true, partial: { offset: 0, length: 65_536 } }),
  ])
  assert.deepEqual(items('BODY[1.2.3]'), [body({ section: section('1.2.3') })])
  assert.deepEqual(items('BODY[TEXT]'), [body({ section: section('', { kind: 'TEXT' }) })])
  assert.deepEqual(items('BODY[4.2.MIME]'), [body({ section: section('4.2', { kind: 'MIME' }) })])
  assert.deepEqual(items('BODY[3.header]'), [body({ section: section('3', { kind: 'HEADER' }) })])
  assert.deepEqual(items('BODY.PEEK[HEADER.FIELDS (DATE "From" {2}\r\nTo)]'), [
    body({
      isPeek: true,
      section: section('', { kind: 'HEADER.FIELDS', names: ['DATE', 'From', 'To'] }),
    }),
  ])
  assert.deepEqual(items('BODY[3.HEADER.FIELDS.NOT (X)]<5.1>'), [
    body({
      section: section('3', { kind: 'HEADER.FIELDS.NOT', names: ['X'] }),
      partial: { offset: 5, length: 1 },
    }),
  ])
  assertRefused(
    ...['[', '[]]', '[0]', '[1.]', '[.1]', '[1..2]', '[01]', '[FOO]', '[1.FOO]', '[MIME]'].map(
      text => `FETCH 1 BODY${text}`,
    ),
    ...['[1.HEADER.FIELDS]', '[HEADER.FIELDS ()]', '[HEADER.FIELDS A]', '[1.HEADER.2]'].map(
      text => `FETCH 1 BODY${text}`,
    ),
    ...['[]<0>', '[]<0.0>', '[]<-1.5>', '[]<0.5', '[]<0.99999999999999999999>', '[] <0.5>'].map(
      text => `FETCH 1 BODY${text}`,
    ),
    'FETCH 1 BODY.PEEK',
    'FETCH 1 BODYSTRUCTURE[]',
    'FETCH 1 RFC822[]',
  )
})

test('BINARY', () => {
  assert.deepEqual(items('(BINARY[1.2] BINARY.PEEK[]<1.2> BINARY.SIZE[3])'), [
    { name: 'BINARY[]', part: '1.2', partial: null, isPeek: false },
    { name: 'BINARY[]', part: '', partial: { offset: 1, length: 2 }, isPeek: true },
    { name: 'BINARY.SIZE[]', part: '3' },
  ])
  assertRefused('FETCH 1 BINARY', 'FETCH 1 BINARY[TEXT]', 'FETCH 1 BINARY[1.MIME]')
  assertRefused('FETCH 1 BINARY.SIZE', 'FETCH 1 BINARY.SIZE[1]<0.5>', 'FETCH 1 BINARY[1.]')
})

test('PREVIEW may be lazy, and modifiers may follow it', () => {
  assert.deepEqual(items('PREVIEW'), [{ name: 'PREVIEW', isLazy: false }])
  assert.deepEqual(items('(UID PREVIEW (lazy) FLAGS)'), [
    { name: 'UID' },
    { name: 'PREVIEW', isLazy: true },
    { name: 'FLAGS' },
  ])
  const both = fetch('FETCH 1 PREVIEW (LAZY) (CHANGEDSINCE 5)')
  assert.deepEqual([both.items, both.changedSince], [[{ name: 'PREVIEW', isLazy: true }], 5])
  assert.equal(fetch('FETCH 1 PREVIEW (CHANGEDSINCE 5)').changedSince, 5)
  assertRefused('FETCH 1 PREVIEW ()', 'FETCH 1 (PREVIEW (EAGER))', 'FETCH 1 PREVIEW (LAZY EAGER)')
})

test('modifiers', () => {
  const plain = fetch('FETCH 2:4 FLAGS')
  assert.deepEqual([plain.isUid, plain.changedSince, plain.isVanished], [false, null, false])
  // RFC 7162 §3.2.6
  const resync = fetch('UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)')
  assert.deepEqual([resync.isUid, resync.changedSince, resync.isVanished], [true, 12_345, true])
  assert.equal(fetch('uid fetch $ (flags) (vanished changedsince 1)').isVanished, true)
  assertRefused(
    'FETCH 1 (FLAGS) (CHANGEDSINCE 5 VANISHED)',
    'UID FETCH 1 (FLAGS) (VANISHED)',
    'FETCH 1 (FLAGS) (CHANGEDSINCE)',
    'FETCH 1 (FLAGS) ()',
    'FETCH 1 (FLAGS) (FOO)',
    'FETCH 1 (FLAGS) (CHANGEDSINCE 5) x',
  )
})

test('there are not too many items', () => {
  const many = (count: number) => `(${Array(count).fill('UID').join(' ')})`
  assert.equal(items(many(1_000)).length, 1_000)
  assert.throws(
    () => items(many(1_001)),
    error => error instanceof ImapError && error.code === 'LIMIT',
  )
})

const part = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }).map(at => at.join('.'))
const names = fc.array(
  fc.string({ unit: 'binary-ascii' }).map(text => text.replaceAll('\0', '')),
  {
    minLength: 1,
    maxLength: 3,
  },
)
const section: fc.Arbitrary<Section> = fc
  .record({
    part,
    text: fc.oneof(
      fc.record({ kind: fc.constantFrom('CONTENT', 'HEADER', 'TEXT', 'MIME') }),
      fc.record({ kind: fc.constantFrom('HEADER.FIELDS', 'HEADER.FIELDS.NOT'), names }),
    ),
  })
  .filter(({ part, text }) => part !== '' || text.kind !== 'MIME')
const partial = fc.option(fc.record({ offset: fc.nat(), length: fc.integer({ min: 1 }) }))
const item: fc.Arbitrary<FetchItem> = fc.oneof(
  fc.record({ name: fc.constantFrom('FLAGS', 'UID', 'RFC822.SIZE', 'BODY', 'BODYSTRUCTURE') }),
  fc.record({ name: fc.constant('BODY[]'), section, partial, isPeek: fc.boolean() }),
  fc.record({ name: fc.constant('BINARY[]'), part, partial, isPeek: fc.boolean() }),
  fc.record({ name: fc.constant('BINARY.SIZE[]'), part }),
  fc.record({ name: fc.constant('PREVIEW'), isLazy: fc.boolean() }),
)

const print = (item: FetchItem): string => {
  const peek = 'isPeek' in item && item.isPeek ? '.PEEK' : ''
  const range =
    'partial' in item && item.partial ? `<${item.partial.offset}.${item.partial.length}>` : ''
  switch (item.name) {
    case 'BODY[]':
      return `BODY${peek}[${printSection(item.section)}]${range}`
    case 'BINARY[]':
      return `BINARY${peek}[${item.part}]${range}`
    case 'BINARY.SIZE[]':
      return `BINARY.SIZE[${item.part}]`
    case 'PREVIEW':
      return item.isLazy ? 'PREVIEW (LAZY)' : 'PREVIEW'
    default:
      return item.name
  }
}

test('items that are printed read as themselves', () => {
  const property = fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), list => {
    assert.deepEqual(items(`(${list.map(print).join(' ')})`), structuredClone(list))
  })
  fc.assert(property, { seed: 42, numRuns: 1_000 })
})
