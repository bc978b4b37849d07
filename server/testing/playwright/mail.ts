import type { Page } from '@playwright/test'
import type { WantedLink } from '../extraction.ts'
import type { Mail } from '../mail.ts'
import { traced } from '../trace.ts'

/** A mail that can be looked at in the browser. */
export type PageMail = Mail & {
  /**
   * Shows the mail in a page of its own beside this one, as the web inbox does: no script, nothing from elsewhere.
   *
   * @example
   * const shown = await mail.open(page)
   * await expect(shown.getByRole('link', { name: 'Verify e-mail' })).toBeVisible()
   */
  open(page: Page): Promise<Page>
  /**
   * Goes where a link of the mail leads, in this page. In an HTML mail it must be one that a person can click: it is seen,
   * and nothing lies over it. It is followed once only.
   *
   * @example
   * await mail.click(page, 'Verify e-mail')
   * @throws NotInMailError, AmbiguityError as `mail.link()` does
   */
  click(page: Page, wanted?: WantedLink): Promise<void>
}

/** Milliseconds that a link has to become clickable; the mail does not change any more. */
const PATIENCE = 5_000

/** Gives a mail its pages. */
export function withPages(mail: Mail): PageMail {
  const open = async (page: Page): Promise<Page> => {
    const shown = await page.context().newPage()
    await shown.goto(mail.renderingUrl)
    return shown
  }
  const click = async (page: Page, wanted?: WantedLink): Promise<void> => {
    const href = mail.link(wanted)
    if (mail.html !== null) {
      const shown = await open(page)
      try {
        const link = shown.locator(`a[href=${JSON.stringify(href)}]`).first()
        await link.click({ trial: true, timeout: PATIENCE })
      } finally {
        await shown.close()
      }
    }
    await page.goto(href)
  }
  return Object.assign(mail, traced({ open, click }))
}
