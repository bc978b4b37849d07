import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Content } from '../../server/mime/content.ts'
import { readHeader } from '../../server/mime/header.ts'
import { Facts } from '../../server/store/condition.ts'
import type { Entry } from '../../server/store/message.ts'
import { readQuery } from '../../server/store/query.ts'
import { QueryError } from '../../server/store/query-error.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

const entry: Entry = {
  number: 42,
  flags: ['\\Flagged'],
  tags: ['Invoice'],
  modseq: 7,
  message: {
    id: 42,
    receivedAt: Date.parse('2026-11-20T10:00:00Z'),
    size: 20_000,
    start: 100,
    mailFrom: 'bounce@shop.example',
    rcptTo: ['hidden@example.org'],
    from: [{ name: 'Ann Lee', address: 'ann@shop.example' }],
    to: [{ name: '', address: 'Bob@Example.org' }],
    cc: [],
    bcc: [],
    replyTo: [{ name: 'Help', address: 'help@shop.example' }],
    subject: 'Your invoice (März)',
    messageId: '<1@shop.example>',
    date: null,
    authUser: 'shop',
    inbox: '',
    preview: '',
    parsed: true,
    attachments: 1,
    inlines: 0,
    warnings: 0,
  },
}

const content: Content = {
  text: 'Dear Bob,\nhere is the total amount: 12 €',
  html: '<p class="total">Dear Bob</p>',
  plainText: 'Dear Bob,\nhere is the total amount: 12 €',
  attachments: [
    {
      part: '2',
      name: 'Invoice-7.pdf',
      contentType: 'application/pdf',
      size: 9,
      sha256: '',
      cid: null,
      inline: false,
    },
  ],
  preview: '',
  searchText: '',
  searchTextCut: false,
  remoteReferences: 0,
  warnings: [],
}

const facts = () => {
  const all = new Facts()
  all.searchText = {
    text: 'your invoice (märz) ann lee ann@shop.example bob@example.org dear bob, here is the total amount: 12 € invoice-7.pdf',
    isCut: false,
  }
  all.content = content
  all.header = readHeader(Buffer.from('X-Kind: =?utf-8?q?Bel=C3=A4g?=\r\nX-Kind: two\r\n\r\n'))
  return all
}

const holds: [query: string, expected: boolean][] = [
  ['invoice', true],
  ['INVOICE bob', true],
  ['invoice nothing', false],
  ['"total amount"', true],
  ['"amount total"', false],
  ['-nothing', true],
  ['!invoice', false],
  ['nothing OR invoice', true],
  ['(nothing OR invoice) -"total amount"', false],
  ['invoice (nothing OR (bob ann))', true],
  ['or else', false],
  ['hidden@example.org', true],
  ['from:ann', true],
  ['from:"ann lee"', true],
  ['from:*@shop.example', true],
  ['from:shop.example', true],
  ['from:*@shop', false],
  ['to:bob@example.org', true],
  ['to:hidden', false],
  ['cc:bob', false],
  ['rcpt:hidden', true],
  ['addressed:hidden', true],
  ['addressed:bob', true],
  ['reply-to:help', true],
  ['subject:märz', true],
  ['subject:"invoice (märz)"', true],
  ['-subject:invoice', false],
  ['body:"class=\'"', false],
  ['body:total', true],
  ['message-id:1@shop', true],
  ['header:x-kind=beläg', true],
  ['header:X-Kind=two', true],
  ['header:x-none=two', false],
  ['tag:invoice', true],
  ['tag:inv', false],
  ['tag:inv*', true],
  ['user:shop', true],
  ['has:attachment', true],
  ['has:inline', false],
  ['filename:invoice', true],
  ['filename:*.pdf', true],
  ['filename:*.doc', false],
  ['is:unread', true],
  ['is:read', false],
  ['is:tagged', true],
  ['is:flagged', true],
  ['after:2026-11-20', true],
  ['after:2026/11/21', false],
  ['before:2026-11-20', false],
  ['before:2026-11-20T10:00:01', true],
  ['newer:2d', true],
  ['newer:1h', false],
  ['older:1d', true],
  ['larger:10k', true],
  ['larger:1M', false],
  ['smaller:20001', true],
  ['smaller:20000', false],
  ['subject:/inv.*ä/i', true],
  ['subject:/INV/', false],
]

describe('a search', () => {
  for (const [query, expected] of holds) {
    test(`${query} is ${expected}`, () => {
      assert.equal(readQuery(query, now)(entry, facts()), expected)
    })
  }

  const faults: [query: string, position: number][] = [
    ['', 0],
    ['   ', 3],
    ['invoice (bob', 8],
    ['invoice)', 7],
    ['invoice OR', 10],
    ['OR invoice', 0],
    ['a "open', 2],
    ['a ""', 2],
    ['from:', 0],
    ['to:ann from: ', 7],
    ['what:ann', 5],
    ['is:new', 3],
    ['has:code', 4],
    ['after:yesterday', 6],
    ['after:2026-02-31', 6],
    ['larger:big', 7],
    ['newer:2', 6],
    ['header:x', 7],
    ['-', 1],
    ['(((', 3],
  ]
  for (const [query, position] of faults) {
    test(`${JSON.stringify(query)} is refused at ${position}`, () => {
      assert.throws(
        () => readQuery(query, now),
        (error: unknown) => {
          assert.ok(error instanceof QueryError, String(error))
          assert.equal(error.parameter, 'q')
          assert.equal(error.position, position)
          return true
        },
      )
    })
  }

  test('is limited in length, terms and depth', () => {
    assert.throws(() => readQuery('x'.repeat(1_001), now), QueryError)
    assert.throws(() => readQuery('x '.repeat(51), now), QueryError)
    assert.throws(() => readQuery(`${'('.repeat(40)}x${')'.repeat(40)}`, now), QueryError)
    assert.throws(() => readQuery('-'.repeat(900), now), QueryError)
    assert.equal(readQuery(`${'('.repeat(30)}bob${')'.repeat(30)}`, now)(entry, facts()), true)
  })

  test('says what it must look into, and looks into no more', () => {
    const missing = (query: string) => {
      const none = new Facts()
      const result = readQuery(query, now)(entry, none)
      return [result, [...none.missing].sort()]
    }
    assert.deepEqual(missing('from:ann'), [true, []])
    assert.deepEqual(missing('from:nobody body:x'), [false, []])
    assert.deepEqual(missing('bob'), [undefined, ['searchText']])
    assert.deepEqual(missing('body:x header:a=b'), [undefined, ['content', 'header']])
    assert.deepEqual(missing('from:ann OR body:x'), [true, []])
  })

  test('looks behind a search text that was cut', () => {
    const cut = new Facts()
    cut.searchText = { text: 'your invoice', isCut: true }
    assert.equal(readQuery('"total amount"', now)(entry, cut), undefined)
    cut.content = content
    assert.equal(readQuery('"total amount"', now)(entry, cut), true)
    assert.equal(readQuery('nothing', now)(entry, cut), false)
  })
})
