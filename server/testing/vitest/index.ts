import { expect } from 'vitest'
import { type MailMatchers, matchers } from '../matchers.ts'
import { mailSerializer } from '../snapshot.ts'
import { openWorker } from '../worker.ts'

/** For `setupFiles` in vitest.config, and to import the inbox from. */

expect.extend(matchers)
expect.addSnapshotSerializer(mailSerializer)

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as Vitest declares it
  interface Matchers<T = any> extends MailMatchers<T> {}
}

const worker = openWorker(`Vitest worker ${process.env.VITEST_POOL_ID ?? ''}`.trim())

/**
 * The inbox of this worker, for tests that run one after the other.
 *
 * @example
 * ```ts
 * const inbox = await workerInbox()
 * await signUp(inbox.address())
 * await expect(inbox).toHaveMail({ subject: 'Welcome' })
 * ```
 */
export const workerInbox = worker.inbox

/**
 * The client, for an inbox of a test's own: `await (await mailcatch()).inbox()`.
 */
export const mailcatch = worker.mailcatch
