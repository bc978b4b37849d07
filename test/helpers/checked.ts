import type { Check } from '../../server/checks/check.ts'
import { runCheck } from '../../server/checks/checks.ts'
import { readMail } from '../../server/checks/mail.ts'
import type { CheckGroup, Finding } from '../../server/checks/report.ts'

/** A mail with nothing wrong in its header: what is given replaces a field of that name, or is added; null takes it away. */
export function composed(
  body: string,
  fields: Readonly<Record<string, string | readonly string[] | null>> = {},
): Buffer {
  const header: Record<string, string | readonly string[] | null> = {
    From: 'App <app@example.com>',
    To: 'ann@example.com',
    Subject: 'Hello',
    Date: 'Fri, 02 Jan 2026 03:04:05 +0000',
    'Message-ID': '<1@example.com>',
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=utf-8',
    ...fields,
  }
  const lines = Object.entries(header).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().map(each => `${name}: ${each}`),
  )
  return Buffer.from([...lines, '', body].join('\n').replaceAll('\n', '\r\n'))
}

/** The same with HTML alone. */
export const htmlMail = (html: string, fields = {}): Buffer =>
  composed(html, { 'Content-Type': 'text/html; charset=utf-8', ...fields })

/** What one check says of a mail. */
export const checked = async (check: Check, mail: Buffer): Promise<CheckGroup> =>
  runCheck(check, await readMail(mail))

/** The rules that found something, in their order. */
export const rulesOf = async (check: Check, mail: Buffer): Promise<readonly string[]> =>
  (await checked(check, mail)).findings.map(finding => finding.check)

/** What one rule found. */
export const findingOf = async (check: Check, mail: Buffer, rule: string): Promise<Finding> => {
  const { findings } = await checked(check, mail)
  const found = findings.find(finding => finding.check === rule)
  if (!found) throw new Error(`${rule} is not among ${findings.map(each => each.check).join(', ')}`)
  return found
}
