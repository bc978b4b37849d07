import type { StoreOptions } from '../../server/store/mail-store.ts'
import type { Entry, Message } from '../../server/store/message.ts'

/** What a store is opened with in a test that is about something else; what the test is about stands beside it. */
export const usualStore: StoreOptions = {
  directory: null,
  maxMessages: 10_000,
  maxBytes: 1024 ** 3,
  maxAge: null,
  keepFlagged: false,
  maxMessageSize: 1024 ** 2,
  fsync: false,
  log: () => {},
}

/** An entry with a message of which nothing is known but what is said: for a test of what an index makes of that. */
export const bareEntry = (
  number: number,
  message: Partial<Message> = {},
  entry: Partial<Entry> = {},
): Entry => ({
  number,
  message: { ...bareMessage, id: number, ...message },
  flags: [],
  tags: [],
  modseq: number,
  internalDate: 0,
  savedAt: 0,
  ...entry,
})

const bareMessage: Message = {
  id: 1,
  receivedAt: 0,
  size: 1,
  bareEnds: 0,
  hasOpenEnd: false,
  start: 0,
  mailFrom: '',
  rcptTo: [],
  from: [],
  to: [],
  cc: [],
  bcc: [],
  replyTo: [],
  subject: '',
  messageId: '',
  date: null,
  authUser: '',
  inboxes: [],
  preview: '',
  parsed: true,
  attachments: 0,
  inlines: 0,
  warnings: 0,
}
