import type { MailcatchClient } from './client.ts'
import type { Inbox } from './inbox.ts'
import { startMailcatch } from './start.ts'

/** What the tests of one worker share. */
export type Worker = {
  /** The Mailcatch that the global set-up has started, or else one of this worker's own. */
  mailcatch(): Promise<MailcatchClient>
  /** This worker's inbox, made when it is first asked for; each test file has a new one where files are isolated. */
  inbox(): Promise<Inbox>
}

/** Milliseconds: less than the five seconds that Vitest and Jest give a test, so that one learns why nothing came. */
const TIMEOUT = 4_000

/** Opens each once. `name` is the inbox'. */
export function openWorker(name: string): Worker {
  let client: Promise<MailcatchClient> | undefined
  let inbox: Promise<Inbox> | undefined
  const mailcatch = () => {
    client ??= startMailcatch({ timeout: TIMEOUT })
    return client
  }
  return {
    mailcatch,
    inbox() {
      inbox ??= mailcatch().then(opened => opened.inbox(name))
      return inbox
    },
  }
}
