import type { Mail } from '../mail.ts'
import type { JsonMatcher } from '../match.ts'

/** What goes between the browser, where Cypress' commands run, and Node, where its tasks do: JSON alone. */

/** A mail as the browser gets it. */
export type MailRecord = Pick<
  Mail,
  | 'id'
  | 'from'
  | 'to'
  | 'cc'
  | 'bcc'
  | 'replyTo'
  | 'subject'
  | 'text'
  | 'html'
  | 'envelope'
  | 'size'
  | 'tags'
  | 'warnings'
  | 'codes'
  | 'links'
> & {
  /** ISO 8601, UTC. */
  readonly receivedAt: string
  /** In order, decoded. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly attachments: readonly {
    readonly name: string
    readonly contentType: string
    readonly size: number
  }[]
  /** Where people see it in the web inbox. */
  readonly url: string
  /** Where `cy.visit` finds it alone, as a document that can run nothing. */
  readonly renderingUrl: string
}

export function recordOf(mail: Mail): MailRecord {
  const { id, from, to, cc, bcc, replyTo, subject, text, html, envelope, size } = mail
  const { tags, warnings, codes, links, url, renderingUrl } = mail
  return {
    ...{ id, from, to, cc, bcc, replyTo, subject, text, html, envelope, size },
    ...{ tags, warnings, codes, links, url, renderingUrl },
    receivedAt: mail.receivedAt.toISOString(),
    headers: [...mail.headers],
    attachments: mail.attachments.map(({ name, contentType, size }) => ({
      name,
      contentType,
      size,
    })),
  }
}

/** What is asked of Node: a matcher in the API's words, an inbox among them; times in milliseconds. */
export type Asked = {
  readonly matcher: JsonMatcher
  readonly timeout: number
  readonly since?: number
  readonly settle?: number
}

/** An answer, or why there is none: an error does not cross over by itself. */
export type Answer<T> = { readonly value: T } | { readonly error: string }

/** An inbox as the browser gets it. */
export type InboxRecord = {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly url: string
}

/** The tasks by their names. */
export type Tasks = {
  'mailcatch:inbox': (asked: { readonly name: string }) => Promise<Answer<InboxRecord>>
  'mailcatch:wait': (asked: Asked) => Promise<Answer<MailRecord>>
  'mailcatch:none': (asked: Asked) => Promise<Answer<null>>
}
