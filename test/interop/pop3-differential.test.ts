import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { hasDovecot, startDovecot } from '../helpers/dovecot.ts'
import { startMailServer } from '../helpers/mail-server.ts'
import { compare, type Dialogue, type KnownDifference } from './differential.ts'
import { playPop3 } from './pop3-dialogue.ts'

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/corpus/${name}.eml`, import.meta.url))

const message = (body: string, header = 'Subject: x\r\n') =>
  Buffer.from(`${header}\r\n${body}`, 'latin1')

const LOGIN = ['USER {user}', 'PASS secret']

/** Few at a time, since Dovecot closes after three bad commands before the login and twenty behind it. */
const apart = (commands: readonly string[], each: number, before: readonly string[] = []) =>
  commands.flatMap((command, index) =>
    index % each === 0 ? ['RECONNECT', ...before, command] : [command],
  )

const THREE = ['one\r\n', 'two\r\nlines\r\n', 'three\r\n'].map(body => message(body))

/** Bodies whose line ends, dots and octets are easily got wrong. */
const BODIES = {
  'an ordinary body': message('a\r\nb\r\nc\r\n'),
  'an empty body': message(''),
  'a body of one empty line': message('\r\n'),
  'a body of many empty lines': message('\r\n\r\n\r\n\r\n'),
  'a header alone, without an empty line': Buffer.from('Subject: x\r\n'),
  'a header alone, without a line end': Buffer.from('Subject: x'),
  'an empty header': Buffer.from('\r\nbody\r\n'),
  'no final line end': message('a\r\nb'),
  'a dot without final line end': message('a\r\n.'),
  dots: message('.\r\n..\r\n...\r\n.a\r\n..a\r\n'),
  'nothing but a dot': message('.\r\n'),
  'nothing but the terminator twice': message('.\r\n.\r\n'),
  'a header that starts with a dot': message('a\r\n', '.Subject: x\r\nY: z\r\n'),
  'bare LF': Buffer.from('Subject: x\nY: z\n\na\n.\n..\nb\n'),
  'CRLF and bare LF mixed': Buffer.from('Subject: x\nY: z\r\n\na\r\nb\n.\r\n.\nc'),
  'a bare CR': message('a\rb\r\n'),
  'eight-bit octets': message('\x80\xff\xa0 \xc3\xa9\r\n', 'Subject: \xe9\r\n'),
  NUL: message('a\0b\r\n'),
  'a long line': message(`${'x'.repeat(20_000)}\r\n.${'.'.repeat(20_000)}\r\n`),
  'what looks like commands': message('QUIT\r\n-ERR\r\n+OK\r\n'),
  'spaces at line ends': message('a \r\n \r\n\t\r\nb\r\n'),
  'a header with folded lines': message('a\r\n', 'Subject: a\r\n b\r\n\tc\r\nX:\r\n'),
}

const DIALOGUES: readonly Dialogue[] = [
  {
    name: 'before the login',
    messages: THREE,
    commands: apart(
      [
        ...['CAPA', 'capa', 'NOOP', 'STAT', 'LIST', 'LIST 1', 'RETR 1', 'DELE 1', 'RSET'],
        ...['TOP 1 0', 'UIDL', 'UIDL 1', 'UTF8', 'LAST', 'FOO', '', ' ', 'PASS x', 'USER', 'QUIT'],
      ],
      2,
    ),
  },
  {
    name: 'a login in two steps',
    messages: THREE,
    commands: ['USER {user}', 'USER {user}', 'PASS secret', 'USER {user}', 'PASS secret', 'QUIT'],
  },
  {
    name: 'a login in lower case, and a password with a space in front',
    messages: THREE,
    commands: ['user {user}', 'pass secret', 'stat', 'quit'],
  },
  { name: 'PASS without USER', messages: [], commands: ['PASS secret', 'STAT', 'QUIT'] },
  {
    name: 'AUTH that goes wrong',
    messages: [],
    commands: [
      ...['AUTH FOO', 'AUTH PLAIN =', 'AUTH PLAIN !!!!', 'AUTH PLAIN', '*', 'AUTH LOGIN', '*'],
      ...['AUTH PLAIN', 'AGRpYWxvZ3VlQGV4YW1wbGUub3JnAHNlY3JldA==', 'STAT', 'AUTH PLAIN', 'QUIT'],
    ],
  },
  {
    name: 'AUTH LOGIN with a name and with a challenge',
    messages: [],
    commands: ['AUTH LOGIN', 'YW5uQGV4YW1wbGUub3Jn', 'c2VjcmV0', 'STAT', 'QUIT'],
  },
  {
    name: 'STLS where it may not be',
    messages: [],
    commands: [...LOGIN, 'STLS', 'STAT', 'QUIT'],
  },
  {
    name: 'an empty maildrop',
    messages: [],
    commands: [
      ...LOGIN,
      ...['STAT', 'LIST', 'UIDL', 'LIST 1', 'UIDL 1', 'RETR 1', 'TOP 1 1', 'DELE 1'],
      ...['NOOP', 'RSET', 'LAST', 'CAPA', 'QUIT'],
    ],
  },
  {
    name: 'every command of the transaction state',
    messages: THREE,
    commands: [
      ...LOGIN,
      ...['STAT', 'LIST', 'LIST 2', 'UIDL', 'UIDL 3', 'RETR 2', 'TOP 2 0', 'TOP 2 1', 'TOP 2 99'],
      ...['NOOP', 'DELE 2', 'STAT', 'LIST', 'UIDL', 'RSET', 'STAT', 'stat', 'CAPA', 'QUIT'],
    ],
  },
  {
    name: 'what is deleted is gone for this session, and after QUIT for good',
    messages: THREE,
    commands: [
      ...LOGIN,
      ...['DELE 1', 'DELE 1', 'RETR 1', 'LIST 1', 'UIDL 1', 'TOP 1 0', 'LIST', 'UIDL', 'STAT'],
      ...['DELE 3', 'STAT', 'LIST', 'QUIT', 'RECONNECT', ...LOGIN, 'STAT', 'LIST', 'QUIT'],
    ],
  },
  {
    name: 'what is deleted comes back where the session ends without QUIT',
    messages: THREE,
    commands: [...LOGIN, 'DELE 1', 'STAT', 'RECONNECT', ...LOGIN, 'STAT', 'LIST', 'QUIT'],
  },
  {
    name: 'numbers that are none',
    messages: THREE,
    commands: apart(
      [
        ...['RETR', 'RETR 0', 'RETR 4', 'RETR -1', 'RETR +1', 'RETR x', 'RETR 1x', 'RETR 01'],
        ...['RETR 1.0', 'RETR 4294967297', 'RETR 99999999999999999999', 'RETR 1 2', 'RETR 1:2'],
        ...['LIST 0', 'LIST 4', 'LIST x', 'LIST 1 2', 'UIDL 0', 'UIDL 4', 'UIDL x', 'DELE'],
        ...[
          'DELE 0',
          'DELE 4',
          'DELE x',
          'TOP',
          'TOP 1',
          'TOP 1 x',
          'TOP 1 -1',
          'TOP 0 1',
          'TOP 4 1',
        ],
        ...['TOP x 1', 'TOP 1 99999999999999999999', 'STAT', 'QUIT'],
      ],
      15,
      LOGIN,
    ),
  },
  {
    name: 'arguments where there are none',
    messages: THREE,
    commands: [
      ...LOGIN,
      'STAT x',
      'NOOP x',
      'RSET x',
      'CAPA x',
      'LIST ',
      'UIDL ',
      'STAT ',
      'QUIT x',
    ],
  },
  {
    name: 'spaces',
    messages: THREE,
    commands: [...LOGIN, 'RETR  1', ' RETR 1', 'RETR 1 ', 'TOP  1  1', 'LIST  1', '\tSTAT', 'QUIT'],
  },
  {
    name: 'unknown commands',
    messages: THREE,
    commands: [...LOGIN, 'FOO', 'XTND XMIT', 'HELO x', '', '\x80\xff', 'RETRIEVE 1', 'QUIT'],
  },
  ...Object.entries(BODIES).map(([name, body]) => ({
    name: `RETR and TOP: ${name}`,
    messages: [body],
    commands: [
      ...LOGIN,
      'STAT',
      'LIST',
      'RETR 1',
      ...[0, 1, 2, 3, 1000].map(n => `TOP 1 ${n}`),
      'QUIT',
    ],
  })),
  ...[
    'structure/dsn-bounce-postfix',
    'structure/postal-mime-mimetorture',
    'broken/dot-lines',
    'broken/bare-lf-only',
    'broken/bare-cr-only',
    'broken/line-100k-no-break',
    'charset/raw-8bit-latin1-headers',
    'hostile/imap-pop3-protocol-bait',
    'templates/nodemailer-receipt-pdf',
  ].map(name => ({
    name: `RETR and TOP: ${name}`,
    messages: [fixture(name)],
    commands: [...LOGIN, 'STAT', 'LIST 1', 'RETR 1', 'TOP 1 0', 'TOP 1 5', 'TOP 1 10000', 'QUIT'],
  })),
]

const KNOWN: readonly KnownDifference[] = [
  {
    command: /^CAPA$/i,
    why: 'We offer EXPIRE, IMPLEMENTATION, UTF8 and other mechanisms, and tell all of it in both states.',
  },
  {
    command: /^UTF8$/,
    dialogue: /before the login/,
    why: 'RFC 6856, which Dovecot does not have.',
  },
  { command: /^USER$/, why: 'A name is wanted (RFC 1939 §7); Dovecot takes an empty one.' },
  {
    command: /^AUTH (?:FOO|PLAIN !!!!)$/,
    why: '[AUTH] is for credentials that are wrong, not for a command that is.',
  },
  { command: /^RETR 01$/, why: 'A number has no leading zeros with us.' },
  {
    command: /^(?:STAT|NOOP|RSET|CAPA|QUIT) x$/,
    why: 'These take no arguments (RFC 1939 §5, §6), which Dovecot overlooks.',
  },
  { command: /^RETR 1 $/, why: 'A space at the end does no harm.' },
  {
    command: /^(?:STAT|LIST)$/,
    dialogue: /without a line end|no final line end|without final line end|CRLF and bare LF mixed/,
    why: 'We count the line end that a last line without one is given on the way; Dovecot does not.',
  },
  {
    command: /^(?:RETR|TOP) /,
    dialogue: /a header that starts with a dot/,
    why: 'Dovecot does not stuff a dot at the very start of a message (RFC 1939 §3).',
  },
  {
    command: /^(?:STAT|LIST|RETR|TOP)/,
    dialogue: /bare CR$|bare-cr-only/,
    why: 'We make CRLF of a bare CR as of a bare LF; Dovecot leaves it.',
  },
]

test('POP3: Mailcatch answers as Dovecot does', async t => {
  if (!hasDovecot()) return t.skip('not installed: dovecot')
  const theirs = await startDovecot()
  t.after(() => theirs.close())
  const ours = await startMailServer(t)
  await compare(t, [ours, theirs], playPop3, DIALOGUES, ours.name === 'dovecot' ? [] : KNOWN)
})
