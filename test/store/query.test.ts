import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Content } from '../../server/mime/content.ts'
import type { Extract } from '../../server/mime/extract/extract.ts'
import { readHeader } from '../../server/mime/header.ts'
import { Facts } from '../../server/store/condition.ts'
import type { Entry } from '../../server/store/message.ts'
import { answer } from '../../server/store/probe.ts'
import { readQuery } from '../../server/store/query.ts'
import { QueryError } from '../../server/store/query-error.ts'
import { Texts } from '../../server/store/texts.ts'

const now = Date.parse('2026-11-21T12:00:00Z')

const entry: Entry = {
  number: 42,
  flags: ['\\Flagged'],
  tags: ['Invoice'],
  modseq: 7,
  internalDate: Date.parse('2026-11-20T10:00:00Z'),
  savedAt: Date.parse('2026-11-20T10:00:00Z'),
  message: {
    id: 42,
    receivedAt: Date.parse('2026-11-20T10:00:00Z'),
    size: 20_000,
    bareEnds: 0,
    hasOpenEnd: false,
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
    inboxes: [],
    preview: '',
    parsed: true,
    attachments: 1,
    inlines: 0,
    warnings: 0,
  },
}

const extract: Extract = {
  links: [{ href: 'https://shop.example/pay', text: 'Pay', kind: 'link', part: '1' }],
  codes: [],
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
  searchText:
    'your invoice (märz) invoice-7.pdf ann lee ann@shop.example bob@example.org help help@shop.example ' +
    'dear bob, here is the total amount: 12 €',
  searchTextCut: false,
  searchTextWhole: false,
  remoteReferences: 0,
  warnings: [],
}

const header = readHeader(Buffer.from('X-Kind: =?utf-8?q?Bel=C3=A4g?=\r\nX-Kind: two\r\n\r\n'))

/** Whether a query holds for the entry, with what it asks for looked up. */
const decide = async (query: string, known: Content | null = content): Promise<boolean> => {
  const condition = readQuery(query, now)
  const facts = new Facts()
  for (;;) {
    facts.missing.clear()
    const holds = condition(entry, facts)
    if (holds !== undefined) return holds
    assert.notEqual(facts.missing.size, 0)
    for (const probe of facts.missing) {
      const probed = {
        content: () => Promise.resolve(known),
        extract: () => Promise.resolve(known && extract),
        header: () => header,
        holds: () => assert.fail(),
        values: new Texts(probe.kind === 'values' ? probe.values(entry) : []),
      }
      facts.put(probe, entry.number, await answer(probe, probed))
    }
  }
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
  ['from:<ann@shop.example>', true],
  ['from:<ANN@*.example>', true],
  ['from:<nn@shop.example>', false],
  ['from:"<ann@shop.example>"', true],
  ['from:<>', false],
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
  ['has:code', false],
  ['has:link', true],
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
  ['subject:/(inv|bill)oice \\(m/i', true],
  ['(subject:/y(a|our) i/i)', true],
  ['subject:/your (x)/ OR bob', true],
  ['subject:"/(your) i/i"', true],
  ['subject:/your', false],
  ['header:x-kind=/^two$/', true],
  ['header:x-kind="/^(two)$/"', true],
  ['from:/^ann@/ -to:/^ann@/', true],
  ['body:/total amount: \\d+/', true],
  ['body:"TOTAL   amount"', false],
  ['-(-invoice)', true],
  ['--invoice', true],
  ['-from:ann OR -to:ann', true],
  ['invoice OR nothing nothing', true],
  ['nothing OR nothing invoice', false],
  ['inbox:shop', false],
  ['OR-less', false],
  ['"OR" bob', true],
  ['FROM:ann', true],
]

describe('a search', () => {
  for (const [query, expected] of holds) {
    test(`${query} is ${expected}`, async () => {
      assert.equal(await decide(query), expected)
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
    ['has:codes', 4],
    ['after:yesterday', 6],
    ['after:2026-02-31', 6],
    ['larger:big', 7],
    ['newer:2', 6],
    ['header:x', 7],
    ['-', 1],
    ['(((', 3],
    ['()', 1],
    ['-()', 2],
    ['a OR OR b', 5],
    ['(a OR) b', 5],
    ['a -', 3],
    ['""', 0],
    ['from:""', 0],
    ['from:" "', 0],
    ['larger:', 0],
    ['has:inlines', 4],
    ['header:=x', 7],
    ['header:x=', 7],
    ['smaller:-1', 8],
    ['before:2026-13-01', 7],
    ['older:1y', 6],
    ['bob subject:/[/', 12],
    ['bob subject:/(/', 12],
    ['header:x-a=/[/', 11],
    ['to:/(a{1,1000}){1,1000}/', 3],
    ['to:/a{1001}/', 3],
    [`to:/${'[a-f]{1000}'.repeat(6)}/`, 3],
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

  test('is limited in length, terms and depth, and answered up to there', async () => {
    const refused: [query: string, position: number][] = [
      ['x'.repeat(1_001), 1_000],
      ['x '.repeat(51), 100],
      [`${'('.repeat(31)}bob${')'.repeat(31)}`, 30],
      ['-'.repeat(900), 30],
    ]
    for (const [query, position] of refused) {
      assert.throws(
        () => readQuery(query, now),
        (error: unknown) => error instanceof QueryError && error.position === position,
        query.slice(0, 40),
      )
    }
    assert.equal(await decide('x'.repeat(1_000)), false)
    assert.equal(await decide('bob '.repeat(50)), true)
    assert.equal(await decide(`${'('.repeat(30)}bob${')'.repeat(30)}`), true)
    assert.equal(await decide(`${'-('.repeat(15)}bob${')'.repeat(15)}`), false)
  })

  test('says what it must look into, and looks into no more', () => {
    const missing = (query: string) => {
      const none = new Facts()
      const result = readQuery(query, now)(entry, none)
      return [result, [...none.missing].map(({ kind }) => kind).sort()]
    }
    assert.deepEqual(missing('from:ann'), [true, []])
    assert.deepEqual(missing('from:nobody body:x'), [false, []])
    assert.deepEqual(missing('bob'), [undefined, ['word']])
    assert.deepEqual(missing('header:a=b'), [undefined, ['header']])
    assert.deepEqual(missing('filename:x'), [undefined, ['fileName']])
    assert.deepEqual(missing('from:ann OR body:x'), [true, []])
    // The text itself is read only where the search text has the word.
    assert.deepEqual(missing('body:x'), [undefined, ['html', 'word']])
    assert.deepEqual(missing('body:/x/'), [undefined, ['html', 'text']])
    // A pattern that is cheap runs here, one that may not be elsewhere.
    assert.deepEqual(missing('subject:/x/'), [false, []])
    assert.deepEqual(missing('subject:/[a-f]{1000}[g-k]{1000}[l-p]{1000}/'), [
      undefined,
      ['values'],
    ])
  })

  test('looks behind a search text that was cut', async () => {
    const cut = { ...content, searchText: 'your invoice', searchTextCut: true }
    assert.equal(await decide('"total amount"', cut), true)
    assert.equal(await decide('"bob, here"', cut), true)
    assert.equal(await decide('nothing', cut), false)
    assert.equal(await decide('"total amount"', { ...cut, searchTextCut: false }), false)
  })

  test('finds nothing in what the parser gave up, but by the index and the header', async () => {
    assert.equal(await decide('total', null), false)
    assert.equal(await decide('-total', null), true)
    assert.equal(await decide('body:total', null), false)
    assert.equal(await decide('filename:invoice', null), false)
    assert.equal(await decide('from:ann header:x-kind=two', null), true)
  })

  test('is read or refused with a place in it, whatever it is, in time linear in its length', () => {
    const words = [
      'a',
      'OR',
      '-',
      '!',
      '(',
      ')',
      '"',
      ' ',
      '/',
      '\\',
      ':',
      '*',
      '=',
      '{9}',
      '[',
      'ſ',
      '\ud800',
    ]
    const operators = [
      'from:',
      'header:',
      'has:',
      'is:',
      'after:',
      'newer:',
      'larger:',
      'tag:',
      'x:',
    ]
    const query = fc
      .array(fc.oneof(fc.constantFrom(...words, ...operators), fc.string({ unit: 'binary' })))
      .map(pieces => pieces.join(''))
    const read = (text: string) => {
      try {
        assert.equal(typeof readQuery(text, now), 'function')
      } catch (error) {
        assert.ok(error instanceof QueryError, String(error))
        assert.equal(error.parameter, 'q')
        const { position = -1 } = error
        assert.ok(position >= 0 && position <= text.length, `${position} of ${text.length}`)
      }
    }
    fc.assert(fc.property(query, read), { seed: 42, numRuns: 2_000 })
    for (const piece of [
      ...words,
      ...operators,
      ' OR ',
      'a:"',
      '/a',
      'from:/a',
      'a/ ',
      '-(',
      '"a"',
    ]) {
      read(piece.repeat(1_000 / piece.length))
      read(`from:/${piece.repeat(990 / piece.length)}/`)
      // A length that is refused unread.
      read(piece.repeat(1_000_000 / piece.length))
    }
  })
})
