import { linesSize } from '../store/mail-store.ts'
import type { Entry } from '../store/message.ts'
import { readNothing, readNumber, readNumberAndLines, readOptionalNumber } from './arguments.ts'
import type { Answer, Command, Context } from './command.ts'
import type { Maildrop } from './maildrop.ts'
import { messageLines } from './message-lines.ts'
import { Pop3Error } from './reply.ts'

const states = ['transaction'] as const

/** `STAT` (RFC 1939 §5). */
export const stat: Command = {
  states,
  run(context, argument) {
    readNothing(argument)
    const { total, octets } = maildropOf(context)
    return { text: `${total} ${octets}` }
  },
}

/** `LIST [msg]`: sizes (RFC 1939 §5). */
export const list: Command = {
  states,
  run: (context, argument) => listing(context, argument, (_, { message }) => linesSize(message)),
}

/** `UIDL [msg]`: unique-ids (RFC 1939 §7). */
export const uidl: Command = {
  states,
  run: (context, argument) =>
    listing(context, argument, (maildrop, entry) => maildrop.uniqueId(entry)),
}

/** `RETR msg`: a message (RFC 1939 §5). That it was read is no matter of POP3: `\Seen` stays as it is. */
export const retr: Command = {
  states,
  run(context, argument) {
    const { message } = maildropOf(context).get(readNumber(argument))
    return {
      text: `${linesSize(message)} octets`,
      lines: messageLines(context.service.store, message),
    }
  },
}

/** `TOP msg n`: its header, and n lines of its body (RFC 1939 §7). */
export const top: Command = {
  states,
  run(context, argument) {
    const [number, lines] = readNumberAndLines(argument)
    const { message } = maildropOf(context).get(number)
    return { text: 'the top follows', lines: messageLines(context.service.store, message, lines) }
  },
}

/** `DELE msg`: marks a message (RFC 1939 §5). */
export const dele: Command = {
  states,
  run(context, argument) {
    const number = readNumber(argument)
    const maildrop = maildropOf(context)
    maildrop.get(number)
    if (!context.service.allowDelete) throw new Pop3Error('deleting is switched off')
    maildrop.delete(number)
    return { text: `message ${number} deleted` }
  },
}

/** `NOOP` (RFC 1939 §5). */
export const noop: Command = {
  states,
  run(_, argument) {
    readNothing(argument)
    return { text: 'still here' }
  },
}

/** `RSET`: unmarks all (RFC 1939 §5). */
export const rset: Command = {
  states,
  run(context, argument) {
    readNothing(argument)
    const maildrop = maildropOf(context)
    maildrop.reset()
    return { text: maildrop.totalInWords }
  },
}

/** So many lines are made at a time. */
const linesAtATime = 1_000

function listing(
  context: Context,
  argument: Buffer,
  value: (maildrop: Maildrop, entry: Entry) => string | number,
): Answer {
  const maildrop = maildropOf(context)
  const number = readOptionalNumber(argument)
  if (number !== null) return { text: `${number} ${value(maildrop, maildrop.get(number))}` }
  const lines = function* () {
    let text = ''
    let count = 0
    for (const [number, entry] of maildrop.messages()) {
      text += `${number} ${value(maildrop, entry)}\r\n`
      if (++count % linesAtATime > 0) continue
      yield Buffer.from(text, 'latin1')
      text = ''
    }
    if (text !== '') yield Buffer.from(text, 'latin1')
  }
  return { text: maildrop.totalInWords, lines: lines() }
}

function maildropOf({ state }: Context): Maildrop {
  if (state.name !== 'transaction') throw new Error('a command in a state that is not its own')
  return state.maildrop
}
