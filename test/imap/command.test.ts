import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  COMMANDS,
  type Command,
  type CommandName,
  commandTagOf,
  parseCommand,
} from '../../server/imap/command.ts'
import { ImapError, ImapSyntaxError } from '../../server/imap/errors.ts'
import { LAST } from '../../server/imap/syntax/sequence-set.ts'
import { commandText } from '../helpers/command-text.ts'

const parse = (sent: string, isUtf8 = false): Command =>
  parseCommand(commandText(`a ${sent}`), { isUtf8 })

const args = (sent: string, isUtf8 = false): unknown => parse(sent, isUtf8).args

const assertRefused = (...commands: string[]) => {
  for (const sent of commands) {
    assert.throws(() => parse(sent), ImapSyntaxError, sent)
  }
}

/** As {@link SequenceSet} is: `[2, 4], [7, LAST]`. */
const set = (...ranges: [first: number, last: number][]) => ({
  kind: 'ranges',
  ranges: ranges.map(([first, last]) => ({ first, last })),
})
const SAVED = { kind: 'saved' }

test('a command has a tag and a name in any case', () => {
  const command = parseCommand(commandText('A.01 sElEcT inbox'))
  assert.deepEqual(command, {
    commandTag: 'A.01',
    name: 'SELECT',
    args: { mailbox: 'INBOX', hasCondstore: false, qresync: null },
  })
  assert.equal(parse('uid fetch 1 uid').name, 'UID FETCH')
  for (const sent of ['', ' ', 'a', 'a ', 'a  NOOP', ' a NOOP', '+ NOOP', 'a+ NOOP', 'a\tNOOP']) {
    assert.throws(() => parseCommand(commandText(sent)), ImapSyntaxError, sent)
  }
  assertRefused(
    'FOO',
    'UID',
    'UID NOOP',
    'UID  FETCH 1 UID',
    'NOOPS',
    'NO',
    'toString',
    '__proto__',
  )
})

test('a tag to answer with is found where there is one', () => {
  const tag = (text: string) => commandTagOf({ text, literals: [] })
  assert.equal(tag('a1 FOO ('), 'a1')
  assert.equal(tag('a1'), 'a1')
  assert.equal(tag('"x" NOOP'), null)
  assert.equal(tag('* NOOP'), null)
  assert.equal(tag('+ NOOP'), null)
  assert.equal(tag(''), null)
  assert.equal(tag('a\r* BYE'), null)
  assert.equal(tag(`${'x'.repeat(1_001)} NOOP`), null)
})

test('a command whose tag is too long to be answered with is refused', () => {
  const parse = (length: number) =>
    parseCommand({ text: `${'x'.repeat(length)} NOOP`, literals: [] }).name
  assert.equal(parse(1_000), 'NOOP')
  assert.throws(() => parse(1_001), ImapSyntaxError)
})

test('commands without arguments take none', () => {
  const names = Object.keys(COMMANDS) as CommandName[]
  const bare = names.filter(name => COMMANDS[name].parse.length === 0)
  assert.equal(bare.length, 10)
  for (const name of bare) {
    assert.equal(parse(name).name, name)
    assert.equal(parse(`${name.toLowerCase()} `).name, name)
    assertRefused(`${name} x`, `${name}x`)
  }
  for (const name of names) if (!bare.includes(name)) assertRefused(name, `${name} `)
})

test('each command is legal in the states that its RFC says', () => {
  const legal = (state: string) =>
    (Object.keys(COMMANDS) as CommandName[]).filter(name =>
      COMMANDS[name].states.some(legalState => legalState === state),
    )
  const always = ['CAPABILITY', 'NOOP', 'LOGOUT', 'ID']
  assert.deepEqual(legal('not-authenticated'), [...always, 'STARTTLS', 'AUTHENTICATE', 'LOGIN'])
  const authenticated =
    `ENABLE SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST LSUB NAMESPACE STATUS
    APPEND IDLE COMPRESS`.split(/\s+/)
  assert.deepEqual(legal('authenticated'), [...always, ...authenticated])
  const selected = `CHECK CLOSE UNSELECT EXPUNGE SEARCH SORT THREAD FETCH STORE COPY MOVE`.split(
    ' ',
  )
  const byUid = `EXPUNGE SEARCH SORT THREAD FETCH STORE COPY MOVE`.split(' ')
  assert.deepEqual(
    legal('selected').sort(),
    [...always, ...authenticated, ...selected, ...byUid.map(name => `UID ${name}`)].sort(),
  )
})

test('ID', () => {
  const fields = (sent: string) => {
    const command = parse(sent)
    assert.ok(command.name === 'ID')
    return [...command.args.fields]
  }
  assert.deepEqual(fields('ID NIL'), [])
  assert.deepEqual(fields('ID ()'), [])
  assert.deepEqual(fields('id ("Name" "Thunderbird" "version" NIL)'), [
    ['name', 'Thunderbird'],
    ['version', null],
  ])
  const many = (count: number) =>
    `ID (${Array.from({ length: count }, (_, at) => `"k${at}" "v"`).join(' ')})`
  assert.equal(fields(many(30)).length, 30)
  assertRefused('ID x', 'ID ("a")', 'ID ("a" b)', many(31))
  assertRefused(`ID ("${'x'.repeat(31)}" "")`, `ID ("x" "${'x'.repeat(1_025)}")`)
})

test('AUTHENTICATE', () => {
  assert.deepEqual(args('AUTHENTICATE plain'), { mechanism: 'PLAIN', initialResponse: null })
  assert.deepEqual(args('AUTHENTICATE PLAIN ='), {
    mechanism: 'PLAIN',
    initialResponse: Buffer.alloc(0),
  })
  assert.deepEqual(args('authenticate scram-sha-256 AGEAYg=='), {
    mechanism: 'SCRAM-SHA-256',
    initialResponse: Buffer.from('\0a\0b'),
  })
  assertRefused('AUTHENTICATE PLAIN !', 'AUTHENTICATE PLAIN AGE', 'AUTHENTICATE "PLAIN"')
})

test('LOGIN', () => {
  assert.deepEqual(args('LOGIN ann@example.com "se cret"'), {
    user: 'ann@example.com',
    password: 'se cret',
  })
  assert.deepEqual(args('login {11}\r\nFRED FOOBAR {7}\r\nfat man'), {
    user: 'FRED FOOBAR',
    password: 'fat man',
  })
  assert.deepEqual(args('LOGIN "" ""'), { user: '', password: '' })
  assertRefused('LOGIN', 'LOGIN a', 'LOGIN a b c', 'LOGIN (a) b', 'LOGIN a b*')
})

test('ENABLE', () => {
  assert.deepEqual(args('ENABLE condstore X-Good-Idea UTF8=ACCEPT'), {
    capabilities: ['CONDSTORE', 'X-GOOD-IDEA', 'UTF8=ACCEPT'],
  })
  assertRefused('ENABLE', 'ENABLE (CONDSTORE)', 'ENABLE "a"')
})

test('SELECT and EXAMINE', () => {
  assert.deepEqual(args('EXAMINE "a b" (condstore)'), {
    mailbox: 'a b',
    hasCondstore: true,
    qresync: null,
  })
  // RFC 7162 §3.2.5
  assert.deepEqual(args('SELECT INBOX (QRESYNC (67890007 20050715194045000 41,43:211,214:541))'), {
    mailbox: 'INBOX',
    hasCondstore: false,
    qresync: {
      uidValidity: 67_890_007,
      modseq: 20_050_715_194_045_000,
      knownUids: set([41, 41], [43, 211], [214, 541]).ranges,
      matches: null,
    },
  })
  const matches = { sequenceNumbers: set([1, 2]).ranges, uids: set([5, 5], [9, 9]).ranges }
  assert.deepEqual(args('SELECT x (CONDSTORE QRESYNC (1 2 (1:2 5,9)))'), {
    mailbox: 'x',
    hasCondstore: true,
    qresync: { uidValidity: 1, modseq: 2, knownUids: null, matches },
  })
  assert.deepEqual(args('SELECT x (QRESYNC (1 2 3 (1:2 5,9)))'), {
    mailbox: 'x',
    hasCondstore: false,
    qresync: { uidValidity: 1, modseq: 2, knownUids: set([3, 3]).ranges, matches },
  })
  assert.deepEqual(args('SELECT x (QRESYNC (1 2))'), {
    mailbox: 'x',
    hasCondstore: false,
    qresync: { uidValidity: 1, modseq: 2, knownUids: null, matches: null },
  })
  assertRefused('SELECT a b', 'SELECT a ()', 'SELECT a (FOO)', 'SELECT a (QRESYNC)')
  assertRefused(
    'SELECT a (QRESYNC (0 2))',
    'SELECT a (QRESYNC (1))',
    'SELECT a (QRESYNC (1 2 3:*))',
    'SELECT a (QRESYNC (1 2 $))',
    'SELECT a (QRESYNC (1 2 3 (1)))',
    'SELECT a (QRESYNC (1 2 3 (1 *)))',
    'SELECT a (QRESYNC (1 2 (1 2) 3))',
  )
})

test('CREATE, DELETE, RENAME, SUBSCRIBE and UNSUBSCRIBE', () => {
  assert.deepEqual(args('CREATE Entw&APw-rfe/'), { mailbox: 'Entwürfe/', uses: [] })
  assert.deepEqual(args('CREATE x (USE (\\drafts \\Foo \\Drafts))'), {
    mailbox: 'x',
    uses: ['\\Drafts', '\\Foo'],
  })
  assert.deepEqual(args('CREATE x (USE ())'), { mailbox: 'x', uses: [] })
  assertRefused('CREATE x y', 'CREATE x ()', 'CREATE x (USE)', 'CREATE x (USE (Drafts))')
  assert.deepEqual(args('DELETE "a b"'), { mailbox: 'a b' })
  assert.deepEqual(args('RENAME INBOX old-mail'), { from: 'INBOX', to: 'old-mail' })
  assertRefused('RENAME a', 'RENAME a b c')
  assert.deepEqual(args('SUBSCRIBE #news.comp'), { mailbox: '#news.comp' })
  assert.deepEqual(args('UNSUBSCRIBE {1}\r\nx'), { mailbox: 'x' })
})

test('mailbox names are read in the encoding that is enabled', () => {
  assert.deepEqual(args('DELETE "Entw\xc3\xbcrfe & Co"', true), { mailbox: 'Entwürfe & Co' })
  assert.throws(
    () => parse('DELETE "Entwurf & Co"'),
    error => error instanceof ImapError && error.response.startsWith('NO [CANNOT] '),
  )
})

test('LIST', () => {
  const list = (values: object) => ({
    select: new Set(),
    reference: '',
    patterns: ['*'],
    returns: new Set(),
    status: [],
    isExtended: true,
    ...values,
  })
  assert.deepEqual(args('LIST "" *'), list({ isExtended: false }))
  assert.deepEqual(args('LIST "" ""'), list({ isExtended: false, patterns: [''] }))
  assert.deepEqual(
    args('LIST "a/" "%/Entw&APw-*"'),
    list({ isExtended: false, reference: 'a/', patterns: ['%/Entwü*'] }),
  )
  assert.deepEqual(
    args('LIST (SUBSCRIBED) "" "*" RETURN (SPECIAL-USE)'),
    list({ select: new Set(['SUBSCRIBED']), returns: new Set(['SPECIAL-USE']) }),
  )
  assert.deepEqual(
    args('list (remote recursivematch subscribed special-use) "" (INBOX "a %" %)'),
    list({
      select: new Set(['REMOTE', 'RECURSIVEMATCH', 'SUBSCRIBED', 'SPECIAL-USE']),
      patterns: ['INBOX', 'a %', '%'],
    }),
  )
  assert.deepEqual(
    args('LIST () "" * RETURN (CHILDREN STATUS (MESSAGES UNSEEN MESSAGES) SUBSCRIBED CHILDREN)'),
    list({
      returns: new Set(['CHILDREN', 'SUBSCRIBED']),
      status: ['MESSAGES', 'UNSEEN'],
    }),
  )
  assert.deepEqual(args('LIST "" * RETURN ()'), list({}))
  assertRefused('LIST', 'LIST ""', 'LIST "" ()', 'LIST "" * x', 'LIST "" * RETURN', 'LIST "" a b')
  assertRefused('LIST (FOO) "" *', 'LIST "" * RETURN (FOO)', 'LIST "" * RETURN (STATUS)')
  const many = (count: number) => `LIST "" (${Array(count).fill('%').join(' ')})`
  assert.deepEqual(args(many(100)), list({ patterns: Array(100).fill('%') }))
  assert.throws(
    () => parse(many(101)),
    error => error instanceof ImapError && error.code === 'LIMIT',
  )
  // RFC 5258 §3.1
  assertRefused('LIST (RECURSIVEMATCH) "" *', 'LIST (RECURSIVEMATCH REMOTE) "" *')
})

test('LSUB', () => {
  assert.deepEqual(args('LSUB "#news." "comp.%"'), { reference: '#news.', pattern: 'comp.%' })
  assertRefused('LSUB ""', 'LSUB "" (a)', 'LSUB "" * RETURN ()')
})

test('STATUS', () => {
  assert.deepEqual(args('STATUS box (uidnext UIDVALIDITY UNSEEN RECENT MESSAGES uidnext)'), {
    mailbox: 'box',
    items: ['UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'RECENT', 'MESSAGES'],
  })
  assert.deepEqual(args('STATUS box (DELETED SIZE HIGHESTMODSEQ APPENDLIMIT MAILBOXID)'), {
    mailbox: 'box',
    items: ['DELETED', 'SIZE', 'HIGHESTMODSEQ', 'APPENDLIMIT', 'MAILBOXID'],
  })
  assertRefused('STATUS box', 'STATUS box ()', 'STATUS box MESSAGES', 'STATUS box (FOO)')
})

test('EXPUNGE', () => {
  assert.deepEqual(args('EXPUNGE'), { uids: null })
  assert.deepEqual(args('UID EXPUNGE 3000:3002'), { uids: set([3_000, 3_002]) })
  assert.deepEqual(args('UID EXPUNGE $'), { uids: SAVED })
  assertRefused('EXPUNGE 1', 'UID EXPUNGE', 'UID EXPUNGE a')
})

test('STORE', () => {
  assert.deepEqual(args('STORE 2:4 +FLAGS (\\Deleted)'), {
    isUid: false,
    set: set([2, 4]),
    unchangedSince: null,
    operation: 'add',
    isSilent: false,
    flags: ['\\Deleted'],
  })
  assert.deepEqual(args('uid store 1,* -flags.silent \\seen $Foo'), {
    isUid: true,
    set: set([1, 1], [LAST, LAST]),
    unchangedSince: null,
    operation: 'remove',
    isSilent: true,
    flags: ['\\Seen', '$Foo'],
  })
  // RFC 7162 §3.1.3
  assert.deepEqual(args('STORE 7,5,9 (UNCHANGEDSINCE 320162338) FLAGS.SILENT ()'), {
    isUid: false,
    set: set([5, 5], [7, 7], [9, 9]),
    unchangedSince: 320_162_338,
    operation: 'replace',
    isSilent: true,
    flags: [],
  })
  // imapflow has it at the end.
  assert.deepEqual(args('STORE 7 +FLAGS (\\Seen) (UNCHANGEDSINCE 7)'), {
    isUid: false,
    set: set([7, 7]),
    unchangedSince: 7,
    operation: 'add',
    isSilent: false,
    flags: ['\\Seen'],
  })
  assertRefused(
    'STORE 1 (UNCHANGEDSINCE 7) FLAGS (\\Seen) (UNCHANGEDSINCE 7)',
    'STORE 1 FLAGS',
    'STORE 1 (\\Seen)',
    'STORE 1 + FLAGS (\\Seen)',
    'STORE 1 *FLAGS (\\Seen)',
    'STORE 1 FLAG (\\Seen)',
    'STORE 1 FLAGS (\\Recent)',
    'STORE 1 FLAGS (\\Seen) x',
    'STORE 1 (UNCHANGEDSINCE) FLAGS ()',
    'STORE 1 () FLAGS ()',
    'STORE a FLAGS ()',
  )
})

test('COPY and MOVE', () => {
  const copy = { isUid: false, set: set([2, 4]), mailbox: 'MEETING' }
  assert.deepEqual(args('COPY 2:4 MEETING'), copy)
  assert.deepEqual(args('MOVE 2:4 MEETING'), copy)
  assert.deepEqual(args('UID COPY $ inbox'), { isUid: true, set: SAVED, mailbox: 'INBOX' })
  assert.deepEqual(args('UID MOVE 2:4 MEETING'), { ...copy, isUid: true })
  assertRefused('COPY 1', 'MOVE x y', 'COPY 1 a b')
})

test('COMPRESS', () => {
  assert.deepEqual(args('COMPRESS deflate'), { mechanism: 'DEFLATE' })
  assertRefused('COMPRESS', 'COMPRESS LZW', 'COMPRESS DEFLATE x')
})

test('whatever comes, it is a command or an error of ours', () => {
  const words = (Object.keys(COMMANDS) as CommandName[]).flatMap(name => name.split(' '))
  const grammar =
    `( ) () [ ] < > " \\ * % $ + - : , . {1}\r\nx {3} ~{2}\r\n\0\xff RETURN CHARSET UTF-8 NIL 1:* 2,4 0
    4294967296 (FLAGS) BODY[] BODY.PEEK[1.2.HEADER.FIELDS (A)]<0.5> OR NOT ALL HEADER SINCE 1-Feb-1994
    "17-Jul-1996 02:44:25 -0700" \\Seen $Foo INBOX &APw- "ü" (USE (\\All)) (QRESYNC (1 2)) UNCHANGEDSINCE CHANGEDSINCE
    REVERSE DATE REFERENCES STATUS (MESSAGES) SUBSCRIBED a`.split(' ')
  const piece = fc.oneof(
    fc.constantFrom(...words),
    fc.constantFrom(...grammar),
    fc.constantFrom(...grammar),
    fc.string({ unit: 'binary-ascii', maxLength: 5 }),
  )
  const seen = new Set<string>()
  const property = fc.property(
    fc.constantFrom(...(Object.keys(COMMANDS) as CommandName[])),
    fc.array(fc.tuple(fc.constantFrom(' ', ' ', ' ', ''), piece), { maxLength: 8 }),
    (name, pieces) => {
      try {
        parse(name + pieces.flat().join(''))
        seen.add(name)
      } catch (error) {
        assert.ok(error instanceof ImapError, String(error))
      }
    },
  )
  fc.assert(property, { seed: 42, numRuns: 10_000 })
  // It does get past the names.
  assert.ok(seen.size > 25, [...seen].join())
})
