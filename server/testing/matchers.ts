import type { Link } from '../http/resources.ts'
import { MailTimeoutError, UnexpectedMailError } from './errors.ts'
import { isMail, type Mail } from './mail.ts'
import { isFound, isWhole, type Match, type Pattern } from './match.ts'
import type { NoneOptions, Reading } from './reading.ts'
import { count, listed, nameOf, quoted, shown } from './words.ts'

/**
 * The assertions on mail, the same in Playwright, Vitest and Jest, whose `expect.extend` all take this shape. Those on
 * an inbox wait; a mail does not change any more.
 */

/** What `expect.extend` wants of a matcher. */
export type Verdict = { readonly pass: boolean; readonly message: () => string }

/** What the frameworks say of the assertion: whether it is behind `.not`. */
type Asked = { readonly isNot?: boolean }

/** Which link: by a text in its words or its address, or by each of these. */
export type ExpectedLink =
  | Pattern
  | { readonly text?: Pattern; readonly href?: Pattern; readonly kind?: Link['kind'] }

/** Which attachment: by its name, or by each of these. */
export type ExpectedAttachment =
  | Pattern
  | { readonly name?: Pattern; readonly contentType?: Pattern; readonly size?: number }

/** `expect(inbox).toHaveMail(match)`: waits. With `.not` it proves that there is none. */
async function toHaveMail(
  this: Asked,
  inbox: Reading,
  match?: Match,
  options?: NoneOptions,
): Promise<Verdict> {
  checkInbox(inbox, 'toHaveMail')
  if (this.isNot) return absence(inbox, match, options)
  return verdictOf(async () => {
    await inbox.waitFor(match, options)
  })
}

/** `expect(inbox).toHaveMailCount(2, match)`: waits for so many, and proves that there are no more. */
async function toHaveMailCount(
  this: Asked,
  inbox: Reading,
  expected: number,
  match?: Match,
  options?: NoneOptions,
): Promise<Verdict> {
  checkInbox(inbox, 'toHaveMailCount')
  if (expected === 0 && !this.isNot) {
    const { pass, message } = await absence(inbox, match, options)
    return { pass: !pass, message }
  }
  if (this.isNot) {
    const found = (await inbox.all(match)).length
    return { pass: found === expected, message: () => `There is ${count(expected, 'such mail')}.` }
  }
  return verdictOf(async () => {
    await inbox.waitForAll(expected, match, { ...options, exact: true })
  })
}

/** Passes where there is one, as `.not` wants it. */
async function absence(
  inbox: Reading,
  match: Match | undefined,
  options: NoneOptions | undefined,
): Promise<Verdict> {
  const { pass, message } = await verdictOf(() => inbox.none(match, options))
  return { pass: !pass, message }
}

/** What the library throws is the message. */
async function verdictOf(assertion: () => Promise<void>): Promise<Verdict> {
  try {
    await assertion()
    return { pass: true, message: () => 'There is such a mail.' }
  } catch (error) {
    if (!(error instanceof MailTimeoutError || error instanceof UnexpectedMailError)) throw error
    return { pass: false, message: () => error.message }
  }
}

/** `expect(mail).toHaveSubject('Welcome')`: has it in its subject. */
function toHaveSubject(this: Asked, mail: Mail, expected: Pattern): Verdict {
  checkMail(mail, 'toHaveSubject')
  return verdict(this, mail, isFound(mail.subject, expected), {
    what: `${quoted(expected)} in its subject`,
    found: () => `It is ${quoted(mail.subject)}.`,
  })
}

/** `expect(mail).toHaveText('Your order')`: in what a person reads, whatever the white space. */
function toHaveText(this: Asked, mail: Mail, expected: Pattern): Verdict {
  checkMail(mail, 'toHaveText')
  const wanted = typeof expected === 'string' ? expected.trim().replace(/\s+/g, ' ') : expected
  const text = typeof expected === 'string' ? mail.text.replace(/\s+/g, ' ') : mail.text
  return verdict(this, mail, isFound(text, wanted), {
    what: `${quoted(expected)} in its text`,
    found: () => (mail.text.trim() === '' ? 'It has no text.' : `It says: ${shown(mail.text)}`),
  })
}

/** `expect(mail).toHaveCode()`, `toHaveCode('482913')`, `toHaveCode(/^\d{6}$/)`. */
function toHaveCode(this: Asked, mail: Mail, expected?: Pattern): Verdict {
  checkMail(mail, 'toHaveCode')
  const { codes } = mail
  const has =
    expected === undefined ? codes.length > 0 : codes.some(({ value }) => isWhole(value, expected))
  return verdict(this, mail, has, {
    what: expected === undefined ? 'a code' : `the code ${quoted(expected)}`,
    found: () =>
      codes.length === 0
        ? `There is no code in it. It says: ${shown(mail.text)}`
        : `It has ${codes.map(({ value }) => value).join(', ')}.`,
  })
}

/** `expect(mail).toHaveLink('Verify e-mail')`, `toHaveLink({ href: /token=/, kind: 'action' })`. */
function toHaveLink(this: Asked, mail: Mail, expected: ExpectedLink = {}): Verdict {
  checkMail(mail, 'toHaveLink')
  const links = mail.links.filter(({ kind }) => kind !== 'image')
  return verdict(
    this,
    mail,
    links.some(link => isLink(link, expected)),
    {
      what: `a link ${described(expected)}`,
      found: () =>
        thereAre(
          links.map(({ text, href }) => `${quoted(text)} ${href}`),
          'links',
        ),
    },
  )
}

function isLink({ text, href, kind }: Link, expected: ExpectedLink): boolean {
  if (typeof expected === 'string' || expected instanceof RegExp) {
    return isFound(text, expected) || isFound(href, expected)
  }
  return (
    (expected.text === undefined || isFound(text, expected.text)) &&
    (expected.href === undefined || isFound(href, expected.href)) &&
    (expected.kind === undefined || kind === expected.kind)
  )
}

/** `expect(mail).toHaveAttachment('invoice.pdf')`, `toHaveAttachment({ contentType: 'application/pdf' })`. */
function toHaveAttachment(this: Asked, mail: Mail, expected: ExpectedAttachment = {}): Verdict {
  checkMail(mail, 'toHaveAttachment')
  const { name, contentType, size } =
    typeof expected === 'string' || expected instanceof RegExp ? { name: expected } : expected
  const has = mail.attachments.some(
    one =>
      (name === undefined || isWhole(one.name, name)) &&
      (contentType === undefined || isWhole(one.contentType, contentType)) &&
      (size === undefined || one.size === size),
  )
  return verdict(this, mail, has, {
    what: `an attachment ${described(expected)}`,
    found: () =>
      thereAre(
        mail.attachments.map(one => `${quoted(one.name)} ${one.contentType}, ${one.size} octets`),
        'attachments',
      ),
  })
}

/** Every matcher by its name, for `expect.extend`. */
export const matchers = {
  toHaveMail,
  toHaveMailCount,
  toHaveSubject,
  toHaveText,
  toHaveCode,
  toHaveLink,
  toHaveAttachment,
}

/** The matchers as they are called on what `expect` returns. */
export type MailMatchers<R = void> = {
  /** Waits for a mail that matches; with `.not`, proves that there is none. */
  toHaveMail(match?: Match, options?: NoneOptions): Promise<R>
  /** Waits for exactly so many mails that match. */
  toHaveMailCount(count: number, match?: Match, options?: NoneOptions): Promise<R>
  /** Has it in its subject. */
  toHaveSubject(expected: Pattern): R
  /** Has it in what a person reads, whatever the white space. */
  toHaveText(expected: Pattern): R
  /** Has a one-time code: any, or this one. */
  toHaveCode(expected?: Pattern): R
  /** Has a link: any, one with this in its text or address, or one with all of these. */
  toHaveLink(expected?: ExpectedLink): R
  /** Has an attachment: any, one of this name (whole, `*` is a wildcard), or one with all of these. */
  toHaveAttachment(expected?: ExpectedAttachment): R
}

function verdict(
  { isNot = false }: Asked,
  mail: Mail,
  pass: boolean,
  { what, found }: { readonly what: string; readonly found: () => string },
): Verdict {
  const message = () =>
    `Expected ${nameOf(mail)} ${isNot ? 'not ' : ''}to have ${what}.\n${found()}`
  return { pass, message }
}

function described(expected: ExpectedLink | ExpectedAttachment): string {
  if (typeof expected === 'string' || expected instanceof RegExp) return quoted(expected)
  const keys = Object.entries(expected).map(
    ([key, value]) => `${key} ${typeof value === 'number' ? value : quoted(value)}`,
  )
  return keys.length === 0 ? 'of any kind' : `with ${keys.join(' and ')}`
}

const thereAre = (lines: readonly string[], what: string): string =>
  lines.length === 0 ? `It has no ${what}.` : `Its ${what}:${listed(lines)}`

function checkMail(mail: Mail, matcher: string): void {
  if (isMail(mail)) return
  throw new TypeError(
    `expect(…).${matcher}() is for a mail: what inbox.waitFor() and its like give`,
  )
}

function checkInbox(inbox: Reading, matcher: string): void {
  if (typeof (inbox as Partial<Reading> | null)?.waitFor === 'function') return
  throw new TypeError(`expect(…).${matcher}() is for an inbox: what mailcatch.inbox() gives`)
}
