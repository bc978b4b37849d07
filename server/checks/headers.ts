import { isAscii, isUtf8 } from 'node:buffer'
import { readAddressList } from '../mime/address-list.ts'
import { readDate } from '../mime/date.ts'
import type { Field } from '../mime/header.ts'
import { type Check, counted } from './check.ts'
import type { Findings, Rule } from './findings.ts'
import { longLines } from './line-lengths.ts'
import type { CheckedMail } from './mail.ts'

/** The header block, as RFC 5322 §3.6 wants it. */
export const headers: Check = {
  group: 'headers',
  run(mail, findings) {
    const { header } = mail
    for (const rule of missing(mail)) findings.add(rule)
    for (const name of ONCE) {
      const fields = header.all(name)
      if (fields.length < 2) continue
      for (const field of fields) findings.add(twice(name), () => mail.placeOf(field))
    }
    for (const field of header.fields) {
      const octets = mail.raw.subarray(field.start, field.end)
      if (isAscii(octets)) continue
      findings.add(isUtf8(octets) ? UTF8 : EIGHT_BIT, () => mail.placeOf(field))
    }
    malformed(mail, findings)
    lines(mail, findings)
    return {
      looked: [
        counted(header.fields.length, 'header field'),
        'Date, From, To, Subject, Message-ID, MIME-Version',
        'duplicates, octets outside ASCII, lengths of lines',
      ],
      ...(header.isCut ? { partly: 'The header block is too large to be read whole.' } : {}),
    }
  },
}

/** RFC 5322 §3.6: the fields that may stand once. */
const ONCE = [
  'Date',
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Bcc',
  'Message-ID',
  'In-Reply-To',
  'References',
  'Subject',
]

function missing({ header, root }: CheckedMail): readonly Rule[] {
  const lacks = (name: string) => header.first(name) === undefined
  const rules: Rule[] = []
  if (lacks('from')) rules.push(NO_FROM)
  if (lacks('date')) rules.push(NO_DATE)
  if (lacks('message-id')) rules.push(NO_MESSAGE_ID)
  if (!header.first('subject')?.value.trim()) rules.push(NO_SUBJECT)
  if (lacks('to') && lacks('cc') && lacks('bcc')) rules.push(NO_RECIPIENT)
  const isMime = header.first('content-type') || root.type !== 'text/plain'
  if (isMime && lacks('mime-version')) rules.push(NO_MIME_VERSION)
  return rules
}

function malformed(mail: CheckedMail, findings: Findings): void {
  const first = (name: string, isWrong: (field: Field) => boolean, rule: Rule) => {
    const field = mail.header.first(name)
    if (field && isWrong(field)) findings.add(rule, () => mail.placeOf(field))
  }
  first('date', ({ text }) => readDate(text) === null, BAD_DATE)
  first('message-id', ({ text }) => !MESSAGE_ID.test(text.trim()), BAD_MESSAGE_ID)
  first('from', ({ text }) => readAddressList(text).length === 0, EMPTY_FROM)
  first(
    'from',
    ({ text }) => readAddressList(text).length > 1 && mail.header.first('sender') === undefined,
    NO_SENDER,
  )
}

/** RFC 5322 §3.6.4, loosely: something, `@`, something, in angle brackets. */
const MESSAGE_ID = /^(?:\([^)]{0,200}\)\s*)?<[^<>@\s]{1,900}@[^<>@\s]{1,900}>/

function lines(mail: CheckedMail, findings: Findings): void {
  const { tooLong, long } = longLines(mail.raw, mail.header.bodyStart)
  for (const sourceLine of tooLong) findings.add(TOO_LONG, () => ({ sourceLine }))
  for (const sourceLine of long) findings.add(LONG, () => ({ sourceLine }))
}

const twice = (name: string): Rule => ({
  check: 'headers.duplicate',
  severity: 'error',
  title: `${name} stands more than once`,
  why: 'The field may stand once (RFC 5322 §3.6). Programs take the first, the last or all of them, and some servers refuse the mail.',
  fix: `Send one ${name} field.`,
})

const NO_FROM: Rule = {
  check: 'headers.no-from',
  severity: 'error',
  title: 'There is no From field',
  why: 'It is one of the two fields that every mail must have (RFC 5322 §3.6); servers refuse a mail without it.',
  fix: 'Name the author in From.',
}
const NO_DATE: Rule = {
  check: 'headers.no-date',
  severity: 'error',
  title: 'There is no Date field',
  why: 'It is one of the two fields that every mail must have (RFC 5322 §3.6). Without it clients sort the mail anywhere, and filters take it for spam.',
  fix: 'Set Date when the mail is made; mail libraries do so unless told otherwise.',
}
const NO_MESSAGE_ID: Rule = {
  check: 'headers.no-message-id',
  severity: 'warning',
  title: 'There is no Message-ID field',
  why: 'Every mail should have one (RFC 5322 §3.6.4): threads, bounces and duplicates are told by it.',
  fix: 'Set a Message-ID that is unique, with your own domain after the @.',
}
const NO_SUBJECT: Rule = {
  check: 'headers.no-subject',
  severity: 'warning',
  title: 'There is no subject',
  why: 'The list of every mail client shows it first; filters take a mail without one for spam.',
  fix: 'Say in a few words what the mail is about.',
}
const NO_RECIPIENT: Rule = {
  check: 'headers.no-recipient',
  severity: 'info',
  title: 'No field names a recipient',
  why: 'With neither To nor Cc the recipient sees “undisclosed recipients”, and filters are wary.',
  fix: 'Put the recipient into To, also where each gets a mail of their own.',
}
const NO_MIME_VERSION: Rule = {
  check: 'headers.no-mime-version',
  severity: 'warning',
  title: 'There is no MIME-Version field',
  why: 'A message with a Content-Type must say MIME-Version: 1.0 (RFC 2045 §4); without it a reader may show its parts and encodings as plain text.',
  fix: 'Add MIME-Version: 1.0.',
}
const BAD_DATE: Rule = {
  check: 'headers.bad-date',
  severity: 'error',
  title: 'The Date field cannot be read',
  why: 'It has to be a date as RFC 5322 §3.3 writes it, such as “Fri, 02 Jan 2026 03:04:05 +0000”.',
  fix: 'Let the mail library format the date.',
}
const BAD_MESSAGE_ID: Rule = {
  check: 'headers.bad-message-id',
  severity: 'warning',
  title: 'The Message-ID is malformed',
  why: 'It has to be <left@right>, in angle brackets and without white space (RFC 5322 §3.6.4); others are replaced or break threads.',
  fix: 'Write it as <unique@your.domain>.',
}
const EMPTY_FROM: Rule = {
  check: 'headers.empty-from',
  severity: 'error',
  title: 'From names nobody',
  why: 'The field has to hold at least one address (RFC 5322 §3.6.2).',
  fix: 'Put the sender’s address into From.',
}
const NO_SENDER: Rule = {
  check: 'headers.no-sender',
  severity: 'error',
  title: 'From names several authors, and no field says who sent it',
  why: 'With more than one address in From there must be a Sender field with one (RFC 5322 §3.6.2).',
  fix: 'Add Sender, or leave one address in From.',
}
const UTF8: Rule = {
  check: 'headers.utf8',
  severity: 'warning',
  title: 'Header fields with UTF-8 outside ASCII',
  why: 'Raw UTF-8 in a header (RFC 6532) may only be sent where every server on the way offers SMTPUTF8 (RFC 6531); others refuse the mail or garble it.',
  fix: 'Write the text as encoded-words (RFC 2047), as mail libraries do: =?utf-8?…?=.',
}
const EIGHT_BIT: Rule = {
  check: 'headers.8-bit',
  severity: 'error',
  title: 'Header fields with octets that are no UTF-8',
  why: 'A header is ASCII (RFC 5322 §2.2), or UTF-8 with SMTPUTF8. These octets mean something else to each reader.',
  fix: 'Encode the text as UTF-8, and that as encoded-words (RFC 2047).',
}
const TOO_LONG: Rule = {
  check: 'headers.line-too-long',
  severity: 'error',
  title: 'Lines of more than 998 octets',
  why: 'No line may be longer (RFC 5322 §2.1.1). Servers cut or break such lines, which garbles HTML, and breaks signatures.',
  fix: 'Send the body as quoted-printable or base64; fold long header fields.',
}
const LONG: Rule = {
  check: 'headers.line-long',
  severity: 'info',
  title: 'Header lines of more than 78 octets',
  why: 'Lines should not be longer (RFC 5322 §2.1.1), so that everything shows and folds them well. Hardly a program minds today.',
  fix: 'Fold the field at a space.',
}
