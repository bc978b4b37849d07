import type { TestInfo } from '@playwright/test'
import type { Inbox } from '../inbox.ts'
import type { Mail } from '../mail.ts'

/** Mails of one test, the newest, that go into its report. */
const MOST = 10

/** Attaches what came to an inbox to the report of a test: each mail as it is, as it looks, and how it was sent. */
export async function attachMails(inbox: Inbox, testInfo: TestInfo): Promise<void> {
  const mails = await inbox.all()
  if (mails.length === 0) {
    await attach(testInfo, 'no mail', 'text/plain', `Nothing came to ${inbox.address()}.\n`)
  }
  for (const mail of mails.slice(-MOST)) {
    const name = `mail ${mail.id}`
    const { envelope, reception } = mail
    await attach(testInfo, `${name}.eml`, 'message/rfc822', Buffer.from(await mail.raw()))
    await attach(testInfo, ...renderingOf(mail, name))
    const smtp = JSON.stringify({ envelope, ...reception }, null, 2)
    await attach(testInfo, `${name} envelope.json`, 'application/json', smtp)
  }
}

const attach = (
  testInfo: TestInfo,
  name: string,
  contentType: string,
  body: string | Buffer,
): Promise<void> => testInfo.attach(name, { contentType, body })

/** A report is a page somewhere: what a mail holds must run nothing there, and load nothing. */
const POLICY = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; form-action 'none'; base-uri 'none'`

function renderingOf({ html, text }: Mail, name: string): [string, string, string] {
  if (html === null) return [`${name}.txt`, 'text/plain', text]
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`
  const head = `<!doctype html><meta charset="utf-8">${policy}\n`
  return [`${name}.html`, 'text/html', head + html]
}
