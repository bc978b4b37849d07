import { test } from 'node:test'
import { hasDovecot, startDovecot } from '../helpers/dovecot.ts'
import { startMailServer } from '../helpers/mail-server.ts'
import { compare, type KnownDifference } from './differential.ts'
import { playImap } from './imap-dialogue.ts'
import { IMAP_DIALOGUES } from './imap-dialogues.ts'
import { agree } from './imap-normal.ts'

const KNOWN: readonly KnownDifference[] = [
  // Content.
  {
    command: /\[[\d.]+\.1(?:\.MIME)?\]$/,
    ours: /(?:\] ""|SIZE\[[\d.]+\] "0")$/,
    why: 'A part that is no multipart has no part below it; Dovecot gives the part itself.',
  },
  {
    command: /BINARY\.PEEK\[[\d.]*\]$/,
    ours: /BINARY\[[\d.]*\] ".*Content-Transfer-Encoding: [bq8]/i,
    why: 'A multipart or a message is given as it is; Dovecot decodes what is in it, and writes its fields anew.',
  },
  {
    command: /BINARY\.SIZE\[[\d.]+\]$/,
    dialogue:
      /nested-3|related-alternative|mimetorture|forward-rfc822|invite-ics|javamail|multi-received/,
    why: 'The size of a multipart or a message as it is.',
  },
  {
    command: /BINARY/,
    dialogue: /base64encoded-rfc822/,
    why: 'Dovecot does not decode a part of the type message/rfc822.',
  },
  {
    command: /BINARY/,
    dialogue: /uuencode/,
    why: 'We know x-uuencode; Dovecot answers UNKNOWN-CTE.',
  },
  {
    command: /BINARY/,
    dialogue: /bad-base64|qp-invalid|stalwart-rfc-000/,
    why: 'We decode what can be decoded; Dovecot answers NO [PARSE].',
  },
  {
    command: /BINARY/,
    dialogue: /enmime-mime-(?:bad|unquoted)|never-closed-truncated/,
    why: 'Dovecot fails and ends the connection.',
  },
  {
    command: /BODY\.PEEK\[2\]$|BINARY\.(?:PEEK|SIZE)\[2\]$/,
    dialogue: /external-body/,
    why: 'The line end before a delimiter is the delimiter’s (RFC 2046 §5.1.1), also behind the end of a multipart.',
  },
  {
    command: /HEADER\.FIELDS/,
    dialogue: /headers-only-no-blank-line|bad-dates/,
    why: 'Where a message has no empty line none is added (RFC 9051 §6.4.5).',
  },
  {
    command: /BODY(?:STRUCTURE)?$/,
    dialogue: /content-type-without-subtype|enmime-mime-(?:bad|unquoted)/,
    why: 'A type that cannot be read is text/plain (RFC 2045 §5.2), and of a parameter we read what was meant.',
  },
  {
    command: /BODY(?:STRUCTURE)?$/,
    dialogue: /mimetorture/,
    why: 'Dovecot makes one space of two in the subject of a message inside.',
  },
  {
    command: /BODY\.PEEK\[1\.HEADER/,
    dialogue: /base64encoded-rfc822/,
    why: 'The header of a message is not in what is still encoded.',
  },
  {
    command: /BODYSTRUCTURE$/,
    dialogue: /rfc2231-continuations/,
    why: 'A parameter put together of segments is encoded as a whole (RFC 2231 §4.1).',
  },
  {
    command: /ENVELOPE$/,
    dialogue: /raw-8bit-latin1-headers/,
    why: 'Octets that are no UTF-8 are told in UTF-8; Dovecot tells them as they are.',
  },
  {
    command: /ENVELOPE$/,
    dialogue: /malformed-addresses/,
    why: 'Of broken addresses each reads what it can.',
  },
  // What Dovecot overlooks.
  {
    command:
      /^(?:NOOP|CAPABILITY|NAMESPACE|CHECK|EXPUNGE|CLOSE|UNSELECT|IDLE|LOGOUT) x$|^LINE DONE$/,
    dialogue: /arguments where there are none|NOOP x|CAPABILITY x/,
    why: 'Dovecot takes no notice of arguments to commands that have none.',
  },
  { command: /^ENABLE$|^ID$|^ID (?:x|\(x\))$/, why: 'The grammar wants arguments, or others.' },
  {
    command: /^SEARCH SUBJECT "tw\\o"$/,
    why: 'Only a quote and a backslash are escaped (RFC 9051 §9).',
  },
  { command: /32-Jan/, why: 'There is no such day.' },
  { command: /KEYWORD \\Seen/, why: 'A keyword is no system flag (RFC 9051 §6.4.4).' },
  {
    command:
      /^FETCH 1 (?:BODY\[0\]|BODY\[1\.0\]|BODY\[\]<1>|BODY\[\]<0\.0>|BINARY\[TEXT\]|BINARY\.SIZE\[1\]<0\.1>)$/,
    why: 'Part numbers begin with 1, a partial has a length, and BINARY is of parts (RFC 9051 §9).',
  },
  { command: /^STORE 1 \+FLAGS$/, why: 'The grammar wants flags.' },
  {
    command: /^SELECT (?:a b|\*|%)$/,
    why: 'That is no mailbox by the grammar; Dovecot looks for it.',
  },
  {
    command: /^CREATE (?:\*|%|a\\b)$/,
    why: 'Wildcards and backslashes are in no atom (RFC 9051 §9).',
  },
  {
    command: /^LIST "" (?:\*|⟨%⟩)$/,
    dialogue: /names that look like patterns|strings in every form/,
    why: 'Dovecot has made the mailboxes that we refused.',
  },
  { command: /^LIST "" \(\)$/, why: 'The grammar wants a pattern.' },
  {
    command: /^(?:CREATE ⟨a\0b⟩|LIST "" \*)$/,
    dialogue: /control characters/,
    why: 'NUL is in no string (RFC 9051 §9); Dovecot cuts the name there.',
  },
  {
    command: /^(?:SELECT INBOX \(FOO\)|SELECT \/|SELECT INBOX \(QRESYNC \(x 1\)\)|SELECT INBOX)$/,
    dialogue: /SELECT: what is wrong|ENABLE and QRESYNC/,
    why: 'A command that is BAD changes nothing with us; Dovecot has closed the mailbox.',
  },
  // What is ours to choose.
  { command: /CHARSET ISO-8859-1/, why: 'UTF-8 and US-ASCII are the charsets that we have.' },
  { command: /^SORT RETURN/, why: 'We do not offer ESORT (RFC 5267).' },
  {
    command: /^(?:LIST "" a\*|SELECT a)$/,
    dialogue: /CREATE makes what is above/,
    why: 'CREATE makes the mailboxes above, which may be selected (RFC 9051 §6.3.4).',
  },
  {
    command: /^(?:CREATE "Ã¼"|LIST "" \*)$/,
    dialogue: /octets beyond ASCII/,
    why: 'IMAP4rev2 has names in UTF-8 (RFC 9051 §5.1); they are taken before it is enabled too.',
  },
  {
    command: /^LIST/,
    dialogue: /special use/,
    why: 'Dovecot makes the usual mailboxes anew at once, and they are no different for it.',
  },
  {
    command: /^RENAME Sent Gone$/,
    why: 'A usual mailbox of Dovecot is not there before its first use.',
  },
  {
    command: /./,
    dialogue: /RENAME of the INBOX/,
    why: 'RFC 9051 §6.3.6 has its messages moved; Dovecot cannot do that in this format of mailboxes.',
  },
  {
    command: /./,
    dialogue: /deleting and renaming what is selected/,
    why: 'We close a mailbox that is deleted, with [CLOSED]; Dovecot ends the connection.',
  },
  {
    command: /./,
    dialogue: /SUBSCRIBE to what is not there/,
    why: 'Either may be (RFC 9051 §6.3.7).',
  },
  {
    command: /^(?:STORE|EXPUNGE|MOVE|STATUS)/,
    dialogue: /EXAMINE takes nothing/,
    why: 'We refuse what cannot be done; Dovecot says OK, and moves messages out all the same.',
  },
  {
    command: /^STORE (?:3 \+FLAGS \(KEYWORD\)|3 -FLAGS \(nosuch\)|1 [+-]FLAGS \(\))$/,
    why: 'We always tell the flags that STORE leaves; Dovecot does not where none has changed.',
  },
  {
    command: /./,
    dialogue: /two sessions/,
    why: 'A message that another session has expunged cannot be read any more with us: [EXPUNGEISSUED].',
  },
  {
    command: /^(?:ENABLE NOSUCH|ENABLE CONDSTORE)$/,
    dialogue: /ENABLE/,
    why: 'ENABLED may list nothing or be left out, and belongs behind the login (RFC 5161 §3.1).',
  },
  {
    command: /UNCHANGEDSINCE/,
    why: 'We tell the flags of what was not changed; Dovecot does not (RFC 7162 §3.1.3).',
  },
  {
    command: /SENTBEFORE 3-Mar-2020$/,
    why: 'What has no Date was sent before nothing and since nothing; with Dovecot it was sent in 1970.',
  },
  {
    command: /^SORT \((?:TO|DISPLAYTO)\)/,
    why: 'A group without members is nobody; Dovecot sorts by the name of the group.',
  },
  {
    command: /^MOVE 1 Sent$/,
    dialogue: /COPY and MOVE/,
    why: 'What is moved within a mailbox is recent there.',
  },
  {
    command: /^(?:STORE 3 \+FLAGS \(w\) .*|FETCH 3 FLAGS)$/,
    dialogue: /as imapflow writes it/,
    why: 'We obey the modifier; Dovecot takes no notice of it.',
  },
  {
    command: /^SELECT INBOX$/,
    dialogue: /CONDSTORE|arguments where/,
    why: 'What went before: keywords that were not set, or a mailbox that was not closed.',
  },
  {
    command: /VANISHED/,
    why: 'Before the first mod-sequence that we remember, every UID that is not there is told as gone (RFC 7162 §3.2.6).',
  },
]

test('IMAP: Mailcatch answers as Dovecot does', async t => {
  if (!hasDovecot()) return t.skip('not installed: dovecot')
  const theirs = await startDovecot()
  t.after(() => theirs.close())
  const ours = await startMailServer(t)
  const known = ours.name === 'dovecot' ? [] : KNOWN
  await compare(t, [ours, theirs], playImap, IMAP_DIALOGUES, known, agree)
})
