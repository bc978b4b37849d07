import type { StoreOptions } from '../../server/store/mail-store.ts'

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
