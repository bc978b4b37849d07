import type { CommandCall, clearOptions } from '../commands.ts'
import { openRunning } from './open-running.ts'
import { inWords } from './progress.ts'
import { matcherOf } from './which-messages.ts'

/** `mailcatch clear`: deletes every message, or those that match. */
export async function clearMail({
  operands,
  options,
  report,
}: CommandCall<typeof clearOptions>): Promise<0 | 1> {
  const matcher = matcherOf(options, operands)
  const isAll = matcher.size === 0
  if (isAll) matcher.set('all', 'true')
  const client = await openRunning(options)
  try {
    const { deleted } = (await client.json('DELETE', `v1/messages?${matcher}`)) as {
      deleted: number
    }
    report.result(
      { type: 'cleared', from: client.name, deleted },
      `deleted ${inWords(deleted)} of ${client.name}${isAll ? ', all there were' : ''}`,
    )
    return 0
  } finally {
    client.close()
  }
}
