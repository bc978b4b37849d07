import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  MAX_SEARCH_KEYS,
  parseSearchKeys,
  type SearchKey,
} from '../../../../server/imap/commands/search/key.ts'
import { ImapError, ImapSyntaxError } from '../../../../server/imap/errors.ts'
import { printDate } from '../../../../server/imap/syntax/date-time.ts'
import { MAX_DEPTH, Parser } from '../../../../server/imap/syntax/parser.ts'
import { printAstring } from '../../../../server/imap/syntax/print.ts'
import { commandText } from '../../../helpers/command-text.ts'

const key = (sent: string): SearchKey => {
  const parser = new Parser(commandText(sent))
  const key = parseSearchKeys(parser)
  parser.end()
  return key
}
const not = (key: SearchKey): SearchKey => ({ kind: 'not', key })
const flag = (flag: string): SearchKey => ({ kind: 'flag', flag })
const set = (first: number, last: number) =>
  ({ kind: 'ranges', ranges: [{ first, last }] }) as const
const day = Date.parse('1994-02-01T00:00:00Z')

test('every key of both RFCs', () => {
  const date = (of: 'internal' | 'sent' | 'saved', is: 'before' | 'on' | 'since'): SearchKey => ({
    kind: 'date',
    of,
    is,
    date: day,
  })
  const header = (name: string): SearchKey => ({ kind: 'header', name, text: 'x' })
  const cases: [string, SearchKey][] = [
    ['ALL', { kind: 'all' }],
    ['ANSWERED', flag('\\Answered')],
    ['BCC x', header('bcc')],
    ['BEFORE 1-Feb-1994', date('internal', 'before')],
    ['BODY "a b"', { kind: 'body', text: 'a b' }],
    ['CC x', header('cc')],
    ['DELETED', flag('\\Deleted')],
    ['DRAFT', flag('\\Draft')],
    ['FLAGGED', flag('\\Flagged')],
    ['FROM x', header('from')],
    ['HEADER Message-ID ""', { kind: 'header', name: 'message-id', text: '' }],
    ['KEYWORD $junk', flag('$Junk')],
    ['LARGER 5000000000', { kind: 'size', is: 'larger', octets: 5_000_000_000 }],
    ['NEW', { kind: 'and', keys: [{ kind: 'recent' }, not(flag('\\Seen'))] }],
    ['NOT SEEN', not(flag('\\Seen'))],
    ['OLD', not({ kind: 'recent' })],
    ['ON "1-Feb-1994"', date('internal', 'on')],
    ['OR SEEN DRAFT', { kind: 'or', keys: [flag('\\Seen'), flag('\\Draft')] }],
    ['RECENT', { kind: 'recent' }],
    ['SEEN', flag('\\Seen')],
    ['SENTBEFORE 1-Feb-1994', date('sent', 'before')],
    ['SENTON 1-Feb-1994', date('sent', 'on')],
    ['SENTSINCE 1-Feb-1994', date('sent', 'since')],
    ['SINCE 1-Feb-1994', date('internal', 'since')],
    ['SMALLER 0', { kind: 'size', is: 'smaller', octets: 0 }],
    ['SUBJECT {2}\r\n\xc3\xbc', { kind: 'header', name: 'subject', text: 'ü' }],
    ['TEXT x', { kind: 'text', text: 'x' }],
    ['TO x', header('to')],
    ['UID 1:4', { kind: 'uid', set: set(1, 4) }],
    ['UNANSWERED', not(flag('\\Answered'))],
    ['UNDELETED', not(flag('\\Deleted'))],
    ['UNDRAFT', not(flag('\\Draft'))],
    ['UNFLAGGED', not(flag('\\Flagged'))],
    ['UNKEYWORD foo', not(flag('foo'))],
    ['UNSEEN', not(flag('\\Seen'))],
    ['2:84', { kind: 'sequence', set: set(2, 84) }],
    ['$', { kind: 'sequence', set: { kind: 'saved' } }],
    ['OLDER 259200', { kind: 'age', is: 'older', seconds: 259_200 }],
    ['YOUNGER 1', { kind: 'age', is: 'younger', seconds: 1 }],
    ['MODSEQ 620162338', { kind: 'modseq', modseq: 620_162_338 }],
    ['MODSEQ "/flags/\\\\draft" all 620162338', { kind: 'modseq', modseq: 620_162_338 }],
    ['EMAILID M6d99ac3275bb4e', { kind: 'emailId', id: 'M6d99ac3275bb4e' }],
    ['THREADID T64b478a75b7ea9', { kind: 'threadId', id: 'T64b478a75b7ea9' }],
    ['SAVEDBEFORE 1-Feb-1994', date('saved', 'before')],
    ['SAVEDON 1-Feb-1994', date('saved', 'on')],
    ['SAVEDSINCE 1-Feb-1994', date('saved', 'since')],
    ['SAVEDATESUPPORTED', { kind: 'saveDateSupported' }],
  ]
  for (const [sent, expected] of cases) {
    assert.deepEqual(key(sent), expected, sent)
    const [word = '', ...rest] = sent.split(' ')
    assert.deepEqual(key([word.toLowerCase(), ...rest].join(' ')), expected)
  }
})

test('keys come together', () => {
  assert.deepEqual(key('SEEN (OR (1 DRAFT) NOT FLAGGED) TO x'), {
    kind: 'and',
    keys: [
      flag('\\Seen'),
      {
        kind: 'or',
        keys: [
          { kind: 'and', keys: [{ kind: 'sequence', set: set(1, 1) }, flag('\\Draft')] },
          not(flag('\\Flagged')),
        ],
      },
      { kind: 'header', name: 'to', text: 'x' },
    ],
  })
  assert.deepEqual(key('((SEEN))'), flag('\\Seen'))
  assert.deepEqual(key('NOT NOT SEEN'), flag('\\Seen'))
  assert.deepEqual(key('NOT UNSEEN'), flag('\\Seen'))
})

test('what is no key is refused', () => {
  const wrong =
    `|FOO|UN|UNNEW|SEEN,|SEEN  DRAFT|()|(SEEN|SEEN)|NOT|NOT NOT|OR SEEN|OR|KEYWORD|KEYWORD \\Seen
    |FROM|FROM (a)|HEADER x|BEFORE|BEFORE 31-Feb-1994|BEFORE 1994-02-01|LARGER x|LARGER -1|OLDER 0|UID|UID a|0|1:|1,$
    |MODSEQ|MODSEQ x|MODSEQ "/flags/a" 5|MODSEQ "/flags/a" some 5|MODSEQ "x" all 5|EMAILID|EMAILID "x"|THREADID a.b
    |constructor`
      .split(/\s*\|/)
      .map(text => text.trimStart())
  for (const sent of wrong) assert.throws(() => key(sent), ImapSyntaxError, sent)
})

test('there may be many keys, but not too many', () => {
  const isLimit = (error: unknown) => error instanceof ImapError && error.code === 'LIMIT'
  const or = (count: number) => `${'OR SEEN '.repeat(count)}DRAFT`
  const flat = key(or(200))
  assert.ok(flat.kind === 'or' && flat.keys.length === 201)
  assert.throws(() => key(or(MAX_SEARCH_KEYS / 2)), isLimit)
  key(Array(MAX_SEARCH_KEYS).fill('SEEN').join(' '))
  assert.throws(
    () =>
      key(
        Array(MAX_SEARCH_KEYS + 1)
          .fill('SEEN')
          .join(' '),
      ),
    isLimit,
  )
  assert.throws(() => key(`${'NOT '.repeat(MAX_SEARCH_KEYS)}SEEN`), isLimit)
  key(`${'('.repeat(MAX_DEPTH)}SEEN${')'.repeat(MAX_DEPTH)}`)
  assert.throws(() => key(`${'('.repeat(10_000)}SEEN`), ImapSyntaxError)
})

const text = fc.string({ unit: 'grapheme' }).map(text => text.replaceAll('\0', ''))
const date = fc.nat(20_000).map(days => days * 86_400_000)
const name = fc.stringMatching(/^[a-z-]{1,20}$/)
const leaf: fc.Arbitrary<SearchKey> = fc.oneof(
  fc.constantFrom<SearchKey>({ kind: 'all' }, { kind: 'recent' }, { kind: 'saveDateSupported' }),
  fc.constantFrom('\\Seen', '\\Draft', '$Junk', 'foo').map(flag),
  fc.record({ kind: fc.constantFrom('body', 'text'), text }),
  fc.record({ kind: fc.constant('header'), name, text }),
  fc.record({
    kind: fc.constant('date'),
    of: fc.constantFrom('internal', 'sent', 'saved'),
    is: fc.constantFrom('before', 'on', 'since'),
    date,
  }),
  fc.record({
    kind: fc.constant('size'),
    is: fc.constantFrom('larger', 'smaller'),
    octets: fc.nat(),
  }),
  fc.record({
    kind: fc.constant('age'),
    is: fc.constantFrom('older', 'younger'),
    seconds: fc.integer({ min: 1 }),
  }),
  fc.record({ kind: fc.constant('modseq'), modseq: fc.nat() }),
  fc.record({
    kind: fc.constantFrom('emailId', 'threadId'),
    id: fc.stringMatching(/^[\w-]{1,9}$/),
  }),
  fc.record({
    kind: fc.constantFrom('sequence', 'uid'),
    set: fc.nat(50).map(first => set(first + 1, first + 3)),
  }),
)
const { tree } = fc.letrec<{ tree: SearchKey }>(tie => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    // A key is printed as it is read back: no double negation, and no OR right in an OR.
    tie('tree')
      .filter(({ kind }) => kind !== 'not')
      .map(not),
    fc.record({
      kind: fc.constant('and'),
      keys: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
    }),
    fc
      .record({
        kind: fc.constant('or'),
        keys: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
      })
      .map(key => ({
        ...key,
        keys: key.keys.map(part => (part.kind === 'or' ? not(part) : part)),
      })),
  ),
}))

const DATE_WORD = { internal: '', sent: 'SENT', saved: 'SAVED' }

const print = (key: SearchKey): string => {
  switch (key.kind) {
    case 'all':
    case 'recent':
    case 'saveDateSupported':
      return key.kind.toUpperCase()
    case 'and':
      return `(${key.keys.map(print).join(' ')})`
    case 'or':
      return key.keys.map(print).reduceRight((right, left) => `OR ${left} ${right}`)
    case 'not':
      return `NOT ${print(key.key)}`
    case 'flag': {
      const isSystem = key.flag.startsWith('\\')
      return isSystem ? key.flag.slice(1).toUpperCase() : `KEYWORD ${key.flag}`
    }
    case 'sequence':
    case 'uid': {
      assert.ok(key.set.kind === 'ranges')
      const ranges = key.set.ranges.map(({ first, last }) => `${first}:${last}`).join(',')
      return key.kind === 'uid' ? `UID ${ranges}` : ranges
    }
    case 'header':
      return `HEADER ${key.name} ${printAstring(key.text, true)}`
    case 'body':
    case 'text':
      return `${key.kind} ${printAstring(key.text)}`
    case 'date':
      return `${DATE_WORD[key.of]}${key.is} ${printDate(key.date)}`
    case 'size':
      return `${key.is} ${key.octets}`
    case 'age':
      return `${key.is} ${key.seconds}`
    case 'modseq':
      return `MODSEQ ${key.modseq}`
    case 'emailId':
    case 'threadId':
      return `${key.kind} ${key.id}`
  }
}

test('keys that are printed read as themselves', () => {
  const property = fc.property(tree, tree => {
    assert.deepEqual(key(Buffer.from(print(tree)).toString('latin1')), structuredClone(tree))
  })
  fc.assert(property, { seed: 42, numRuns: 1_000 })
})
