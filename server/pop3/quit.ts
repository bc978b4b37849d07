import { readNothing } from './arguments.ts'
import type { Command } from './command.ts'
import { FinalError } from './reply.ts'

/**
 * `QUIT` (RFC 1939 §4, §6). In the TRANSACTION state it enters the UPDATE state: now, and only now, what is marked as
 * deleted is removed, all of it or nothing. The answer says that this is durable.
 */
export const quit: Command = {
  states: ['authorization', 'transaction'],
  async run({ service, state }, argument) {
    readNothing(argument)
    if (state.name === 'transaction') {
      const { mailbox } = state.maildrop
      try {
        // That of an inbox that has ended took everything with it.
        if (!mailbox.isDeleted) {
          await service.store.mailboxes.expunge(mailbox, state.maildrop.deletedUids())
        }
      } catch (error) {
        throw new FinalError('the deleted messages were not removed', 'SYS/TEMP', { cause: error })
      }
    }
    return { text: 'Mailcatch signing off', next: 'close' }
  },
}
