import { type MailMatchers, matchers } from '../matchers.ts'
import { mailSerializer } from '../snapshot.ts'
import { openWorker } from '../worker.ts'

/** For `setupFilesAfterEnv` in jest.config, and to import the inbox from. */

type Expect = {
  extend(added: typeof matchers): void
  addSnapshotSerializer(serializer: typeof mailSerializer): void
}

const { expect } = globalThis as { expect?: Expect }
if (!expect) {
  throw new Error(
    'mailcatch/jest is for tests in Jest: name it in setupFilesAfterEnv, or import it in one',
  )
}
expect.extend(matchers)
expect.addSnapshotSerializer(mailSerializer)

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: as Jest's types declare it
    interface Matchers<R, T = {}> extends MailMatchers<R> {}
  }
}

export type { MailMatchers } from '../matchers.ts'

const worker = openWorker(`Jest worker ${process.env.JEST_WORKER_ID ?? ''}`.trim())

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
