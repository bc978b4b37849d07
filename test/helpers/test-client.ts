import type { TestContext } from 'node:test'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { type Inbox, type MailcatchClient, startMailcatch } from '../../server/testing/index.ts'
import type { StartOptions } from '../../server/testing/start.ts'

export type Stage = {
  readonly mailcatch: MailcatchClient
  /** Sends by SMTP; resolves with the 250. */
  send(to: string | Inbox, mail?: SendMailOptions): Promise<void>
}

/** A Mailcatch of the testing library, and an app that sends to it. */
export async function openTestClient(
  t: Pick<TestContext, 'after'>,
  options: StartOptions = {},
): Promise<Stage> {
  const mailcatch = await startMailcatch(options)
  const transport = createTransport({ ...mailcatch.smtp, pool: true })
  t.after(async () => {
    transport.close()
    await mailcatch.close()
  })
  return {
    mailcatch,
    async send(to, mail = {}) {
      await transport.sendMail({
        from: 'App <app@example.com>',
        to: typeof to === 'string' ? to : to.address(),
        subject: 'Hello',
        text: 'Hello there',
        ...mail,
      })
    },
  }
}
