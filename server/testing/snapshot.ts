import { isMail, type Mail } from './mail.ts'

/**
 * A mail in a snapshot, without what differs between two runs: ids, dates, Message-ID, boundaries, inbox addresses, codes,
 * tokens, ports.
 */
export const mailSerializer = {
  test: isMail,
  serialize: (mail: Mail): string => printed(mail),
}

function printed(mail: Mail): string {
  const mask = maskOf(mail)
  const { html, text, attachments } = mail
  return [
    ...fields(mail).map(([name, value]) => `${name}: ${mask(value)}`),
    '',
    mask(text).trimEnd(),
    ...(html === null ? [] : ['', '--- HTML', mask(html).trimEnd()]),
    ...attachments.map(one => `--- ${one.name} (${one.contentType}, ${one.size} octets)`),
  ].join('\n')
}

/** Fields that tell of one transport or one program's version, and nothing of the mail. */
const VOLATILE = /^(?:received|return-path|x-mailer|user-agent|dkim-signature|x-mailcatch-.*)$/i
const MASKED = new Map([
  ['date', '<date>'],
  ['message-id', '<message-id>'],
  ['content-id', '<content-id>'],
])

const fields = ({ headers }: Mail): readonly (readonly [string, string])[] =>
  [...headers]
    .filter(([name]) => !VOLATILE.test(name))
    .map(([name, value]) => [name, MASKED.get(name.toLowerCase()) ?? value])

type Mask = (text: string) => string

function maskOf({ codes }: Mail): Mask {
  const secrets = codes.filter(({ confidence }) => confidence !== 'low').map(({ value }) => value)
  return text => {
    const withoutCodes = secrets.reduce((rest, code) => rest.replaceAll(code, '<code>'), text)
    return PATTERNS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), withoutCodes)
  }
}

/** What is made anew each time, by how it looks. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/[\w-]+(\+[\w-]+)?@inbox\.mailcatch\.test/gi, '<inbox$1>'],
  [/(boundary=)(?:"[^"]*"|[^\s;]+)/gi, '$1<boundary>'],
  [/\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<date>'],
  [/((?:127\.0\.0\.1|localhost|\[::1\])):\d+/g, '$1:<port>'],
  // Long, of letters and digits: a token.
  [/(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{16,}(?![\w-])/gi, '<token>'],
]
