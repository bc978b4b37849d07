import { setImmediate } from 'node:timers/promises'
import { accessibility } from './accessibility.ts'
import { authentication } from './authentication.ts'
import type { Check } from './check.ts'
import { compatibility } from './compatibility/compatibility.ts'
import { Findings } from './findings.ts'
import { headers } from './headers.ts'
import { images } from './images.ts'
import { links } from './links.ts'
import { type CheckedMail, readMail } from './mail.ts'
import type { CheckGroup } from './report.ts'
import { failed, titleOf } from './sum.ts'
import { text } from './text.ts'
import { unsubscribe } from './unsubscribe.ts'
import { weight } from './weight.ts'

/** Every check, in the order of `groups`: the quick ones first. */
export const all: readonly Check[] = [
  headers,
  authentication,
  unsubscribe,
  weight,
  text,
  links,
  images,
  accessibility,
  compatibility,
]

/** Runs every check over a mail, and tells of each as soon as it is done. Heavy: it belongs into the worker. */
export async function runChecks(raw: Buffer, done: (group: CheckGroup) => void): Promise<void> {
  const mail = await readMail(raw)
  for (const check of all) {
    done(runCheck(check, mail))
    // What was told goes out before the next begins, which may take too long.
    await setImmediate()
  }
}

/** Runs one of them. A fault of ours in it leaves the others alone, and is told. */
export function runCheck(check: Check, mail: CheckedMail): CheckGroup {
  const findings = new Findings()
  try {
    const { looked, partly, fields, data } = check.run(mail, findings)
    return {
      group: check.group,
      title: titleOf(check.group),
      state: partly === undefined ? 'done' : 'partial',
      ...(partly === undefined ? {} : { reason: partly }),
      looked,
      findings: findings.list(),
      ...(fields && fields.length > 0 ? { fields } : {}),
      ...(data ? { data } : {}),
    }
  } catch (error) {
    return { ...failed(check.group, String(error)), findings: findings.list() }
  }
}
