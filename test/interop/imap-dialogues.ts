import { readFileSync } from 'node:fs'
import type { Dialogue } from './differential.ts'

// What is said to Mailcatch and to Dovecot: see imap-dialogue.ts for the signs in it.

const fixture = (name: string) =>
  readFileSync(new URL(`../fixtures/corpus/${name}.eml`, import.meta.url))

/** A mail of fields and a body, in UTF-8. */
const mail = (fields: readonly string[], body: string) =>
  Buffer.from(`${fields.join('\r\n')}\r\n\r\n${body}`)

const simple = (subject: string) =>
  mail([`Subject: ${subject}`, 'From: ann@example.com'], `The body of ${subject}\r\n`)

const FIVE = ['one', 'two', 'three', 'four', 'five'].map(simple)

const FETCHED = [
  'structure/rfc822-nested-3-levels',
  'structure/related-alternative-nesting-outlook',
  'structure/dsn-bounce-postfix',
  'structure/same-name-attachments-and-empty-file',
  'structure/smime-signed-detached',
  'structure/calendar-request-outlook',
  'structure/flanker-message-external-body',
  'structure/james-mime4j-base64encoded-rfc822message-nested',
  'structure/postal-mime-mimetorture',
  'structure/postal-mime-arf',
  'structure/format-flowed-delsp',
  'structure/uuencode-inline-and-cte',
  'structure/enmime-attachment-only-inline',
  'structure/stalwart-rfc-000',
  'structure/stalwart-thirdparty-013',
  'templates/python-forward-rfc822',
  'templates/nodemailer-invite-ics',
  'templates/phpmailer-latin1-8bit',
  'templates/python-raw-cron',
  'templates/javamail-statement-encoded-filename',
  'charset/filename-encodings-six-ways',
  'charset/rfc2231-continuations',
  'charset/encoded-word-split-multibyte',
  'charset/raw-8bit-latin1-headers',
  'charset/smtputf8-raw-headers',
  'charset/mixed-charsets-per-part',
  'broken/bad-base64',
  'broken/bad-dates',
  'broken/body-without-headers',
  'broken/content-type-without-subtype-or-with-comment',
  'broken/delimiter-trailing-space',
  'broken/duplicate-singleton-headers',
  'broken/enmime-mime-bad-content-type',
  'broken/enmime-mime-unquoted-tspecials-param',
  'broken/gen-smtp-rich-text-bad-boundary',
  'broken/header-without-colon-and-space-before-colon',
  'broken/headers-only-no-blank-line',
  'broken/james-mime4j-missing-inner-boundary',
  'broken/malformed-addresses',
  'broken/multipart-never-closed-truncated',
  'broken/no-from-no-to-no-date',
  'broken/qp-invalid-sequences',
  'broken/bare-lf-only',
  'hostile/imap-pop3-protocol-bait',
  'real/flanker-multi-received-headers',
  'real/mailauth-bimi',
]

const SECTIONS = [
  ...['', 'HEADER', 'TEXT', '1', '1.MIME', '1.HEADER', '1.TEXT', '1.1', '1.1.MIME', '1.2', '1.1.1'],
  ...['2', '2.MIME', '2.HEADER', '2.TEXT', '2.1', '2.1.MIME', '2.2', '2.2.MIME', '2.2.HEADER'],
  ...['2.2.TEXT', '2.2.1', '2.2.2', '2.2.2.HEADER', '2.2.2.1', '3', '3.MIME', '4', '7'],
  ...['HEADER.FIELDS (SUBJECT FROM)', 'HEADER.FIELDS (X-NONE)', 'HEADER.FIELDS.NOT (SUBJECT FROM)'],
  ...['1.HEADER.FIELDS (SUBJECT)', '2.HEADER.FIELDS (SUBJECT)', '2.HEADER.FIELDS.NOT (SUBJECT)'],
]

const FETCHES = [
  ...['ENVELOPE', 'BODY', 'BODYSTRUCTURE', 'RFC822.SIZE', 'RFC822', 'RFC822.HEADER', 'RFC822.TEXT'],
  ...SECTIONS.map(section => `BODY.PEEK[${section}]`),
  ...['<0.10>', '<5.20>', '<0.100000>', '<100000.5>'].map(partial => `BODY.PEEK[]${partial}`),
  ...['BODY.PEEK[TEXT]<3.10>', 'BODY.PEEK[1]<0.5>', 'BODY.PEEK[HEADER]<2.7>'],
  ...['BODY.PEEK[HEADER.FIELDS (SUBJECT)]<0.9>', 'BODY.PEEK[2.MIME]<4.4>'],
  ...['1', '1.1', '2', '2.1', '2.2', '3', '4'].flatMap(part => [
    `BINARY.PEEK[${part}]`,
    `BINARY.SIZE[${part}]`,
  ]),
  ...['BINARY.PEEK[]', 'BINARY.PEEK[1]<1.4>', 'BINARY[1]<0.3>'],
]

const FETCH_DIALOGUES: readonly Dialogue[] = FETCHED.map(name => ({
  name: `FETCH ${name}`,
  messages: [fixture(name)],
  commands: ['EXAMINE INBOX', ...FETCHES.map(item => `FETCH 1 ${item}`)],
}))

const SEARCHED = [
  mail(
    [
      'From: "Ann Lee" <ann@example.com>',
      'To: bob@example.org, "Carl C." <carl@example.net>',
      'Cc: dora@example.org',
      'Subject: Invoice 42',
      'Date: Mon, 2 Mar 2020 23:30:00 -0500',
      'Message-ID: <1@example.com>',
      'X-Empty:',
      'X-Label: red',
    ],
    'Please pay the invoice.\r\n',
  ),
  mail(
    [
      'From: bob@example.org',
      'To: ann@example.com',
      'Subject: Re: Invoice 42',
      'Date: Tue, 3 Mar 2020 08:00:00 +0000',
      'Message-ID: <2@example.org>',
      'In-Reply-To: <1@example.com>',
      'References: <1@example.com>',
    ],
    'Paid.\r\n> Please pay the invoice.\r\n',
  ),
  mail(
    [
      'From: =?utf-8?Q?J=C3=BCrgen?= <juergen@example.de>',
      'To: ann@example.com',
      'Bcc: secret@example.com',
      'Subject: =?iso-8859-1?Q?Gr=FC=DFe_aus_K=F6ln?=',
      'Date: 1 Jan 2021 00:00:00 GMT',
      'Message-ID: <3@example.de>',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: quoted-printable',
    ],
    'Viele Gr=C3=BC=C3=9Fe aus der sch=C3=B6nen Stadt, eine lange Zeile mit wei=\r\nchem Umbruch\r\n',
  ),
  mail(
    [
      'From: ann@example.com',
      'To: undisclosed-recipients:;',
      'Subject: a picture',
      'Date: Wed, 5 Aug 2020 12:00:00 +0200',
      'Message-ID: <4@example.com>',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=x',
    ],
    `preamble words\r
--x\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: base64\r
\r
PHA+SGlkZGVuIGJhc2U2NCB0ZXh0IMO8bWxhdXQ8L3A+\r
--x\r
Content-Type: image/png; name="picture.png"\r
Content-Transfer-Encoding: base64\r
Content-Disposition: attachment; filename="picture.png"\r
\r
iVBORw0KGgo=\r
--x--\r
`,
  ),
  mail(
    [
      'From: carl@example.net',
      'To: ann@example.com',
      'Subject: Re: Re: Invoice 42',
      'Date: Wed, 4 Mar 2020 09:00:00 +0000',
      'Message-ID: <5@example.net>',
      'References: <1@example.com> <2@example.org>',
    ],
    `${'A longer body. '.repeat(100)}\r\n`,
  ),
  mail(['From: ann@example.com', 'Subject:', 'Message-ID: <6@example.com>'], ''),
]

/** A thread with what makes THREAD=REFERENCES hard (RFC 5256 §3): missing parents, replies without references, copies. */
const THREADED = [
  ['Subject: a', 'Message-ID: <a@x>', 'Date: 1 Jan 2020 00:00:01 +0000'],
  ['Subject: Re: a', 'Message-ID: <b@x>', 'In-Reply-To: <a@x>', 'Date: 1 Jan 2020 00:00:05 +0000'],
  [
    'Subject: Re: a',
    'Message-ID: <c@x>',
    'References: <a@x> <gone@x>',
    'Date: 1 Jan 2020 00:00:03 +0000',
  ],
  [
    'Subject: Fwd: a',
    'Message-ID: <d@x>',
    'References: <a@x> <gone@x> <c@x>',
    'Date: 1 Jan 2020 00:00:04 +0000',
  ],
  ['Subject: b', 'Message-ID: <e@x>', 'References: <never@x>', 'Date: 1 Jan 2020 00:00:06 +0000'],
  [
    'Subject: Re: b',
    'Message-ID: <f@x>',
    'References: <never@x>',
    'Date: 1 Jan 2020 00:00:07 +0000',
  ],
  ['Subject: c', 'Message-ID: <a@x>', 'Date: 1 Jan 2020 00:00:08 +0000'],
  ['Subject: [list] Re[2]: d (fwd)', 'Date: 1 Jan 2020 00:00:09 +0000'],
  ['Subject: d', 'Date: 1 Jan 2020 00:00:10 +0000'],
  ['Subject: RE: D', 'Message-ID: <g@x>', 'Date: 1 Jan 2020 00:00:11 +0000'],
  ['Subject: =?utf-8?Q?Re:_=C3=A4?=', 'Message-ID: <h@x>', 'Date: 1 Jan 2020 00:00:12 +0000'],
  ['Subject: =?iso-8859-1?Q?=E4?=', 'Message-ID: <i@x>', 'Date: 1 Jan 2020 00:00:13 +0000'],
  ['Subject: loop', 'Message-ID: <l@x>', 'References: <l@x>', 'Date: 1 Jan 2020 00:00:14 +0000'],
  ['Message-ID: <m@x>', 'Date: 1 Jan 2020 00:00:15 +0000'],
].map(fields => mail(fields, 'x\r\n'))

const MAILS: Readonly<Record<string, readonly Uint8Array[]>> = {
  none: [],
  five: FIVE,
  searched: SEARCHED,
  threaded: THREADED,
}

/**
 * The dialogues of a file: `# name`, `MAILS` and what lies in the INBOX, then a command a line. In a command `␠` is a
 * space at its end, `\r\n` a line end, `\xff` an octet, and anything beyond ASCII is UTF-8.
 */
function read(name: string): readonly Dialogue[] {
  const text = readFileSync(new URL(`./dialogues/${name}.txt`, import.meta.url), 'utf8')
  return text
    .split(/^# /m)
    .slice(1)
    .map(section => {
      const [title = '', mails = '', ...commands] = section.split('\n').filter(line => line !== '')
      const messages = MAILS[mails.replace('MAILS ', '')]
      if (!messages) throw new Error(`${name}: ${title}: ${mails}?`)
      return { name: title, messages, commands: commands.map(octets) }
    })
}

/** One character an octet, but for the marks of a literal. */
const octets = (line: string): string =>
  line
    .replace('␠', ' ')
    .replace(/[^\x00-\x7f⟨⟩]+/g, text => Buffer.from(text).toString('latin1'))
    .replace(/\\x([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
    .replaceAll('\\r', '\r')
    .replaceAll('\\n', '\n')

/** Every search by numbers and by UIDs. */
const byUidToo = (dialogue: Dialogue): Dialogue => ({
  ...dialogue,
  commands: dialogue.commands.flatMap(command =>
    command.startsWith('SEARCH ') ? [command, `UID ${command}`] : [command],
  ),
})

/** Each in a session of its own, since not much is borne before the login. */
const LOGINS: readonly Dialogue[] = [
  ...lines(`SELECT INBOX / LIST "" * / FETCH 1 FLAGS / STATUS INBOX (MESSAGES) / CREATE x / CLOSE / IDLE / NAMESPACE
    / ENABLE CONDSTORE / UID FETCH 1 FLAGS / APPEND INBOX ⟨x⟩ / FOO / EXPUNGE / LOGIN / LOGIN a / LOGIN a b c
    / AUTHENTICATE / AUTHENTICATE FOO / AUTHENTICATE PLAIN !! / AUTHENTICATE PLAIN = / CHECK / UNSELECT / NOOP x
    / CAPABILITY x`).map(command => ({
    name: `not logged in: ${command}`,
    messages: [],
    commands: ['CONNECT', command, 'NOOP'],
  })),
  ...lines(`LOGIN {user} secret / LOGIN "{user}" "secret" / LOGIN ⟨{user}⟩ ⟨secret⟩
    / AUTHENTICATE PLAIN AGFubkBleGFtcGxlLm9yZwBzZWNyZXQ= / login {user} secret`).map(command => ({
    name: `logging in: ${command}`,
    messages: [],
    commands: [
      'CONNECT',
      command,
      'LOGIN {user} secret',
      'STARTTLS',
      'AUTHENTICATE PLAIN',
      'LOGOUT',
    ],
  })),
]

function lines(text: string): readonly string[] {
  return text.split('/').map(line => line.trim())
}

export const IMAP_DIALOGUES: readonly Dialogue[] = [
  ...FETCH_DIALOGUES,
  ...['search', 'mailboxes', 'messages', 'sessions']
    .flatMap(read)
    .map(dialogue => (dialogue.name === 'SEARCH: every key' ? byUidToo(dialogue) : dialogue)),
  ...LOGINS,
]
