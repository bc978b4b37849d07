import type { Tab } from '../route.ts'

/** The views of a message. */
export const tabs: Readonly<Record<Tab, string>> = {
  html: 'HTML',
  text: 'Text',
  source: 'Source',
  headers: 'Headers',
  parts: 'Parts',
  links: 'Links',
  checks: 'Checks',
  smtp: 'SMTP',
}
