import { hasDovecot, startDovecot } from '../helpers/dovecot.ts'
import { fill, filledMail } from './fill.ts'
import { imapCommands } from './imap-commands.ts'
import { imapIdle } from './imap-idle.ts'
import { inFolder, startMailcatch } from './processes.ts'

const user = 'any'
/** Messages that are put into Dovecot's folder at once. */
const batch = 1_000

/**
 * Reading, searching and changing mailboxes of these sizes by IMAP, and waiting for their mail, beside a Dovecot (over a
 * Maildir) that holds the same messages. The last column is how long Mailcatch's event loop was held at most: in the
 * median of the runs, and in the worst.
 */
export async function* imap(sizes: readonly number[]): AsyncGenerator<string[]> {
  if (!hasDovecot()) throw new Error('Dovecot, which this is compared with, is not installed')
  for (const count of sizes.length > 0 ? sizes : [1_000, 10_000, 100_000]) {
    yield [`IMAP, ${count} messages of 1.8 kB`, 'Dovecot', 'Mailcatch', 'ratio', 'held, ms']
    yield ['---', '--:', '--:', '--:', '--:']
    const data = await inFolder(async path => {
      await fill(path, count)
      return path
    })
    await using dovecot = await startDovecot()
    for (let first = 1; first <= count; first += batch) {
      const length = Math.min(batch, count + 1 - first)
      await dovecot.deliver(
        user,
        Array.from({ length }, (_, index) => filledMail(first + index)),
      )
    }
    const mailcatch = await startMailcatch(data)
    try {
      yield* imapCommands(dovecot, mailcatch, user, count)
      yield* imapIdle(dovecot, mailcatch, user)
    } finally {
      await mailcatch.stop()
    }
  }
}
