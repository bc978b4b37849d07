const words = (text: string): readonly string[] => text.split(' ')

export const NAMES: readonly string[] = [
  ...words('CAPABILITY NOOP LOGOUT ID STARTTLS AUTHENTICATE LOGIN ENABLE SELECT EXAMINE CREATE'),
  ...words('DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST LSUB NAMESPACE STATUS APPEND IDLE COMPRESS'),
  ...words('CHECK CLOSE UNSELECT EXPUNGE SEARCH SORT THREAD FETCH STORE COPY MOVE FETCH FETCH'),
  ...words('SEARCH SEARCH STORE APPEND LIST'),
  'UID EXPUNGE',
  'UID SEARCH',
  'UID SORT',
  'UID THREAD',
  'UID FETCH',
  'UID STORE',
  'UID COPY',
  'UID MOVE',
]
export const CAPABILITIES = [
  'CONDSTORE',
  'QRESYNC',
  'IMAP4rev2',
  'UTF8=ACCEPT',
  'X-NONE',
  'UTF8=ONLY',
]
export const SPECIAL_USE = ['\\Sent', '\\Trash', '\\All', '\\Important', '\\Archive', '\\None']
export const SORT_KEYS: readonly string[] = [
  ...words('ARRIVAL CC DATE FROM SIZE SUBJECT TO DISPLAYFROM DISPLAYTO'),
]
export const CHARSETS = ['UTF-8', 'US-ASCII', '"utf-8"', 'ISO-8859-1', 'X']
export const MAILBOXES: readonly string[] = [
  ...words('INBOX inbox Archive Trash Sent new new/below a/b/c INBOX/x / x//y * % &AOk- & &-'),
  ...words('&AOk &2D3cAA- caf\xc3\xa9 \xff a"b\\c ~ #news a\0b'),
  '',
  'a b',
  'n'.repeat(300),
]
export const TEXTS: readonly string[] = [
  ...words('ann any bob@example.com x hello Subject caf\xc3\xa9 \xe2\x82 two\r\nlines a\0b name'),
  ...words('version ( ) {5} ~{3+} * % NIL'),
  '',
  'a "quoted" \\ text',
  't'.repeat(1_100),
]
export const FLAGS: readonly string[] = [
  ...words('\\Seen \\seen \\Deleted \\Flagged \\Answered \\Draft \\Recent \\* \\None $Label'),
  ...words('$label $Junk other a]b NIL'),
  'k'.repeat(100),
  'k'.repeat(101),
]
export const STATUS_ITEMS: readonly string[] = [
  ...words('MESSAGES UIDNEXT UIDVALIDITY UNSEEN DELETED SIZE RECENT HIGHESTMODSEQ APPENDLIMIT'),
  ...words('MAILBOXID NONE'),
]
export const FETCH_ITEMS: readonly string[] = [
  ...words('FLAGS UID INTERNALDATE ENVELOPE BODYSTRUCTURE RFC822.SIZE RFC822 RFC822.HEADER BODY'),
  ...words('RFC822.TEXT MODSEQ EMAILID THREADID SAVEDATE PREVIEW BODY[] BODY.PEEK[]'),
  'PREVIEW (LAZY)',
]
export const DATES: readonly string[] = [
  ...words('1-Feb-1994 "01-Jan-2025" 31-Feb-2025 1-feb-9999 0-Jan-0000 32-Dec-2024 1-Foo-2024'),
]
export const DATE_TIMES = [
  ...[
    '"17-Jul-1996 02:44:25 -0700"',
    '" 1-Jan-2025 00:00:00 +0000"',
    '"31-Dec-9999 23:59:60 -2359"',
  ],
  ...[
    '"01-Jan-0000 00:00:00 +9959"',
    '"1-Jan-2025 24:00:00 +0000"',
    '"29-Feb-2023 00:00:00 +0000"',
    '""',
  ],
]
export const MESSAGES = [
  'Subject: appended\r\nFrom: a@example.com\r\n\r\nbody\r\n',
  'x',
  '',
  '\r\n\r\n',
  'Subject: bare\n\nlines\r\rend',
  'Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\ntwo\r\n--b--\r\n',
  'Subject: =?utf-8?q?caf=C3=A9?=\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n',
  'a\0b',
  'z'.repeat(5_000),
]
export const SEARCH_KEYS: readonly string[] = [
  ...words('ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT'),
  ...words('UNFLAGGED UNSEEN <set> SAVEDATESUPPORTED NONE'),
  'BCC <text>',
  'BEFORE <date>',
  'BODY <text>',
  'CC <text>',
  'FROM <text>',
  'HEADER <text> <text>',
  'KEYWORD <flag>',
  'LARGER <number>',
  'ON <date>',
  'SENTBEFORE <date>',
  'SENTON <date>',
  'SENTSINCE <date>',
  'SINCE <date>',
  'SMALLER <number>',
  'SUBJECT <text>',
  'TEXT <text>',
  'TO <text>',
  'UID <set>',
  'UNKEYWORD <flag>',
  'OLDER <number>',
  'YOUNGER <number>',
  'MODSEQ <number>',
  'MODSEQ "/flags/\\\\Seen" all <number>',
  'EMAILID M1',
  'THREADID T1',
  'SAVEDBEFORE <date>',
  'SAVEDON <date>',
  'SAVEDSINCE <date>',
]

/** Words of the grammar, to be put where they do not belong. */
export const IMAP_WORDS: readonly string[] = [
  ...NAMES,
  ...CAPABILITIES,
  ...STATUS_ITEMS,
  ...FETCH_ITEMS,
  ...FLAGS,
  ...[
    'NIL',
    'RETURN',
    'CHARSET',
    'UID',
    'DONE',
    'VANISHED',
    'CHANGEDSINCE',
    'UNCHANGEDSINCE',
    '{0}',
    '{1+}',
    '{5}',
  ],
  ...[
    '~{3+}',
    '{4294967296+}',
    '{99999999999999999999}',
    '{-1}',
    '{+}',
    '{01}',
    '""',
    '()',
    '*:*',
    '1:4294967295',
    '$',
  ],
]
