import {
  expect as baseExpect,
  test as baseTest,
  type Expect,
  type PlaywrightTestArgs,
  type PlaywrightTestOptions,
  type PlaywrightWorkerArgs,
  type PlaywrightWorkerOptions,
  type TestType,
} from '@playwright/test'
import type { MailcatchClient } from '../client.ts'
import type { Inbox } from '../inbox.ts'
import { matchers } from '../matchers.ts'
import { connectWith, startWith } from '../start.ts'
import { startOf } from '../words.ts'
import { type PageMail, withPages } from './mail.ts'
import { attachMails } from './report.ts'

export type { PageMail } from './mail.ts'

/** Options of a project, in `use`. */
export type MailcatchOptions = {
  /** The Mailcatch to use. Without it, and without MAILCATCH_URL, each worker starts its own. */
  readonly mailcatchUrl: string | undefined
}

/** Fixtures that a worker keeps. */
export type WorkerFixtures = MailcatchOptions & {
  readonly mailcatch: MailcatchClient<PageMail>
}

/** Fixtures that each test has anew. */
export type TestFixtures = {
  /**
   * Named after the test. It expires after an hour, so that one can look into it; what came to it goes into the report of
   * a test that failed.
   */
  readonly inbox: Inbox<PageMail>
}

/** Playwright's `test`, with these fixtures. */
export type MailcatchTest = TestType<
  PlaywrightTestArgs & PlaywrightTestOptions & TestFixtures,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & WorkerFixtures
>

/**
 * Playwright's `test` with an inbox.
 *
 * @example
 * ```ts
 * import { expect, test } from 'mailcatch/playwright'
 *
 * test('signs up', async ({ page, inbox }) => {
 *   await page.goto('/sign-up')
 *   await page.getByLabel('E-mail').fill(inbox.address())
 *   await page.getByRole('button', { name: 'Sign up' }).click()
 *   const mail = await inbox.waitFor('Verify')
 *   await mail.click(page, 'Verify e-mail')
 *   await expect(page.getByText('Welcome')).toBeVisible()
 * })
 * ```
 */
export const test: MailcatchTest = baseTest.extend<TestFixtures, WorkerFixtures>({
  mailcatchUrl: [undefined, { scope: 'worker', option: true }],
  mailcatch: [
    async ({ mailcatchUrl }, use) => {
      await using mailcatch = await (mailcatchUrl === undefined
        ? startWith({}, withPages)
        : connectWith(mailcatchUrl, {}, withPages))
      await use(mailcatch)
    },
    { scope: 'worker' },
  ],
  inbox: async ({ mailcatch }, use, testInfo) => {
    const inbox = await mailcatch.inbox(nameOf(testInfo.titlePath))
    await use(inbox)
    if (testInfo.status !== testInfo.expectedStatus) await attachMails(inbox, testInfo)
  },
})

/** Playwright's `expect` with assertions on inboxes and mails. */
export const expect: Expect<typeof matchers> = baseExpect.extend(matchers)

/** Characters of an inbox' name. */
const LONGEST = 100

/** Without the file, in one line. */
const nameOf = (titlePath: readonly string[]): string =>
  startOf(
    titlePath
      .slice(1)
      .join(' › ')
      .replace(/\p{Cc}+/gu, ' '),
    LONGEST,
  )
