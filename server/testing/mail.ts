import type { Address, Code, Envelope, Link, MessageDetail } from '../http/resources.ts'
import type { Api } from './api.ts'
import { AmbiguityError, NotInMailError } from './errors.ts'
import { codeOf, linkOf, type WantedLink } from './extraction.ts'
import { MailAttachment } from './mail-attachment.ts'
import { MailHeaders } from './mail-headers.ts'
import { isWhole, type Pattern } from './match.ts'
import { pointing } from './trace.ts'
import { listed, nameOf, quoted } from './words.ts'

/** An element of a mail's HTML. */
export type MailElement = {
  /** In lower case. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  /** What a person reads in it. */
  readonly text: string
  readonly html: string
}

/**
 * A mail that was caught, read whole; it does not change any more. What is asked for and not there is an error that
 * says what is there; what may be one of several is an error that names them, and never a guess.
 */
export class Mail {
  /** Ascending, never used twice: a position to wait from, too. */
  readonly id: number
  readonly receivedAt: Date
  readonly from: readonly Address[]
  readonly to: readonly Address[]
  readonly cc: readonly Address[]
  readonly bcc: readonly Address[]
  readonly replyTo: readonly Address[]
  readonly subject: string
  /** What a person reads: the text part, or else text made from the HTML. */
  readonly text: string
  /** The HTML part's source, null without one. */
  readonly html: string | null
  readonly headers: MailHeaders
  /** What was said in SMTP: `mailFrom`, `rcptTo`. */
  readonly envelope: Envelope
  readonly attachments: readonly MailAttachment[]
  /** Octets as sent. */
  readonly size: number
  readonly tags: readonly string[]
  /** What is wrong with the mail. */
  readonly warnings: readonly string[]
  /** Everything that may be a one-time code, the likeliest first. */
  readonly codes: readonly Code[]
  /** All addresses in text and HTML, with what each is for. */
  readonly links: readonly Link[]
  /** How it came: listener, peer, TLS, login. */
  readonly reception: MessageDetail['reception']
  readonly #api: Api

  /** @internal */
  constructor(api: Api, detail: MessageDetail) {
    this.#api = api
    this.id = detail.id
    this.receivedAt = new Date(detail.receivedAt)
    this.from = detail.from
    this.to = detail.to
    this.cc = detail.cc
    this.bcc = detail.bcc
    this.replyTo = detail.replyTo
    this.subject = detail.subject
    // All in one answer: the mail may be gone by the next.
    this.text = detail.text ?? detail.textOfHtml ?? ''
    this.html = detail.html
    this.headers = new MailHeaders(detail.headers)
    this.envelope = detail.envelope
    this.attachments = detail.attachments.map(one => new MailAttachment(api, detail.id, one))
    this.size = detail.size
    this.tags = detail.tags
    this.warnings = detail.warnings
    this.codes = detail.codes
    this.links = detail.links
    this.reception = detail.reception
  }

  /** Where people see this mail in the web inbox. */
  get url(): string {
    return `${this.#api.url}m/${this.id}`
  }

  /** Where a browser finds the mail alone, as a document that can run nothing. @internal */
  get renderingUrl(): string {
    return this.#api.withLogin(
      this.html === null ? `v1/messages/${this.id}/text` : `m/${this.id}/html`,
    )
  }

  /**
   * The one-time code.
   *
   * @example
   * await page.getByLabel('Code').fill(mail.code())
   * @throws NotInMailError without one, AmbiguityError where several are as likely
   */
  code(): string {
    return pointing(this.code, () => codeOf(this))
  }

  /**
   * The address of a link: what the mail asks to do, or else the only one. With a text, the link whose text has it, or
   * else whose address has it.
   *
   * @example
   * await page.goto(mail.link())
   * await page.goto(mail.link('Verify e-mail'))
   * mail.link({ kind: 'unsubscribe' })
   * @throws NotInMailError without one, AmbiguityError where several come into question
   */
  link(wanted?: WantedLink): string {
    return pointing(this.link, () => linkOf(this, wanted))
  }

  /**
   * A file that came with it: its name whole, whatever its case, with `*` as a wildcard; or an expression.
   *
   * @example
   * const invoice = await mail.attachment('*.pdf').bytes()
   * @throws NotInMailError without one, AmbiguityError where several have such a name
   */
  attachment(name: Pattern): MailAttachment {
    return pointing(this.attachment, () => attachmentOf(this, name))
  }

  /**
   * The first element of the HTML that a CSS selector finds, null where it finds none.
   *
   * @example
   * const total = (await mail.$('td.total'))?.text
   */
  async $(css: string): Promise<MailElement | null> {
    return (await this.$$(css))[0] ?? null
  }

  /** All elements of the HTML that a CSS selector finds. */
  async $$(css: string): Promise<readonly MailElement[]> {
    const path = `v1/messages/${this.id}/select?css=${encodeURIComponent(css)}`
    return (await this.#api.json<{ elements: readonly MailElement[] }>('GET', path)).elements
  }

  /** The mail octet for octet as the app sent it. */
  raw(): Promise<Uint8Array> {
    return this.#api.octets(`v1/messages/${this.id}/raw`)
  }

  /** How it prints, in a failed assertion for one. */
  toString(): string {
    return nameOf(this)
  }
}

/** Whether something is a mail, also of another copy of this library. */
export const isMail = (value: unknown): value is Mail =>
  typeof (value as Partial<Mail> | null)?.attachment === 'function'

function attachmentOf(mail: Mail, name: Pattern): MailAttachment {
  const found = mail.attachments.filter(one => isWhole(one.name, name))
  const [only] = found
  if (only && found.length === 1) return only
  const names = (only ? found : mail.attachments).map(one => one.name)
  if (only) {
    const text = `There is more than one attachment ${quoted(name)} in ${nameOf(mail)}:${listed(names)}`
    throw new AmbiguityError(text, names)
  }
  const there = names.length > 0 ? `It has:${listed(names)}` : 'It has none.'
  throw new NotInMailError(`There is no attachment ${quoted(name)} in ${nameOf(mail)}. ${there}`)
}
