export type { Address, Code, Envelope, Link } from '../http/resources.ts'
export type { ClientOptions, MailcatchClient } from './client.ts'
export {
  AmbiguityError,
  MailcatchError,
  MailTimeoutError,
  NotInMailError,
  UnexpectedMailError,
} from './errors.ts'
export type { WantedLink } from './extraction.ts'
export type { Inbox, InboxOptions, Login, Server } from './inbox.ts'
export type { Mail, MailElement } from './mail.ts'
export type { MailAttachment } from './mail-attachment.ts'
export type { MailHeaders } from './mail-headers.ts'
export type { MailMatch, Match, Pattern, Patterns } from './match.ts'
export type { CountOptions, NoneOptions, Reading, Since, WaitOptions } from './reading.ts'
export { connect, type StartOptions, startMailcatch } from './start.ts'
