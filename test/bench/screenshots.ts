import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { startMailcatch } from '../../server/mailcatch.ts'
import { launchOptions } from '../helpers/browser.ts'

/** `npm run screenshots`: makes the pictures of the README anew, in web/screenshots/. */

const folder = new URL('../../web/screenshots/', import.meta.url)
const templates = new URL('../fixtures/corpus/templates/', import.meta.url)

/** The oldest first: a template, who gets it, its tags. */
const mails: readonly (readonly [name: string, rcpt: string, tags: string])[] = [
  ['python-raw-cron', 'root@acme.test', 'ops'],
  ['django-error-report', 'admins@acme.test', 'ops'],
  ['nodemailer-newsletter-unsubscribe', 'ada@example.com', ''],
  ['mjml-sale-newsletter', 'ada@example.com', 'marketing'],
  ['rails-invoice-attachment', 'billing@example.com', 'billing'],
  ['javamail-statement-encoded-filename', 'billing@example.com', ''],
  ['phpmailer-contact-form', 'sales@example.com', ''],
  ['nodemailer-receipt-pdf', 'zoe@example.com', 'billing'],
  ['nodemailer-invite-ics', 'team@example.com', ''],
  ['python-order-shipped', 'zoe@example.com', 'orders'],
  ['nodemailer-user-invitation', 'ada@example.com', ''],
  ['django-otp-multialt', 'ada@example.com', 'signup'],
  ['nodemailer-password-reset', 'ada@example.com', 'signup'],
]

await using mailcatch = await startMailcatch({
  ...{ smtpPort: null, pop3Port: null, imapPort: null, httpPort: 0 },
})
const url = mailcatch.url ?? ''
let last = 0
for (const [name, rcpt, tags] of mails) {
  const octets = await readFile(new URL(`${name}.eml`, templates))
  const response = await fetch(`${url}v1/messages?rcpt=${rcpt}`, {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822' },
    body: Buffer.concat([Buffer.from(tags && `X-Tags: ${tags}\r\n`), octets]),
  })
  last = ((await response.json()) as { id: number }).id
}
const change = (ids: string, body: object) =>
  fetch(`${url}v1/messages?ids=${ids}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
await change('1:8', { unread: false })
await change('5', { flagged: true })

await mkdir(folder, { recursive: true })
const browser = await chromium.launch(launchOptions)
for (const [colorScheme, tab] of [
  ['light', ''],
  ['dark', '/checks'],
] as const) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 760 },
    deviceScaleFactor: 1.25,
    colorScheme,
  })
  const page = await context.newPage()
  await page.goto(`${url}m/${tab ? last - 9 : last}${tab}`)
  await page
    .getByTestId(tab ? 'finding' : 'html-frame')
    .first()
    .waitFor()
  await page.getByTestId('facet').first().waitFor()
  await page.evaluate(() => document.fonts.ready)
  if (!tab) await page.frameLocator('[data-testid=html-frame]').locator('a').first().waitFor()
  const file = new URL(`inbox-${colorScheme}.png`, folder)
  await writeFile(file, await page.screenshot({ animations: 'disabled' }))
  console.log(fileURLToPath(file))
  await context.close()
}
await browser.close()
