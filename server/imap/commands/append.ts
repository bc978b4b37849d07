/**
 * APPEND stores messages that the client sends, several of them all or none (RFC 9051 §6.3.12; RFC 3502; RFC 3516 §4.4;
 * RFC 6855 §4).
 *
 * append         = "APPEND" SP mailbox 1*append-message
 * append-message = [SP flag-list] [SP date-time] SP (literal / literal8 / "UTF8" SP "(" literal8 ")")
 */
import type { Arrival } from '../../store/mail-store.ts'
import type { Mailbox } from '../../store/mailbox.ts'
import type { Entry } from '../../store/message.ts'
import { Disconnected } from '../disconnected.ts'
import { ImapError } from '../errors.ts'
import type { Authenticated, Call, Completion, Selected, Session } from '../session.ts'
import type { ReadCommand } from '../syntax/command-reader.ts'
import type { CommandText } from '../syntax/command-text.ts'
import { Parser } from '../syntax/parser.ts'
import { printSequenceSet } from '../syntax/sequence-set.ts'

export type AppendArguments = { readonly mailbox: string; readonly message: AppendMessage }

export type AppendMessage = {
  readonly flags: readonly string[]
  /** Milliseconds since 1970; null for now. */
  readonly internalDate: number | null
  /** Octets. None is an error: `NO`, with nothing appended at all (RFC 3502). */
  readonly size: number
  /** `~{5}`: it may hold NUL. */
  readonly isBinary: boolean
  /** Its headers may be UTF-8 (RFC 6855 §4). */
  readonly isUtf8: boolean
  /** Where its announcement ends in the command's text. */
  readonly end: number
}

/**
 * For the reader: whether the literal that follows this text is a message. Any literal of APPEND is, but for one right
 * after the command's name, which is the mailbox.
 */
export function announcesMessage(text: string): boolean {
  return /^[^ ]+ append ./i.test(text)
}

/** Reads as far as the first message, whose octets have yet to come. */
export function parseAppend(parser: Parser): AppendArguments {
  parser.space()
  const mailbox = parser.mailbox()
  return { mailbox, message: parseMessage(parser) }
}

/**
 * Reads what came after the octets of `previous`.
 *
 * @returns The next message, whose octets have yet to come; null where the command ends
 * @throws ImapSyntaxError
 */
export function parseNextMessage(
  command: CommandText,
  previous: AppendMessage,
): AppendMessage | null {
  const parser = new Parser(command, { at: previous.end })
  if (previous.isUtf8) parser.expect(')')
  if (parser.isAtEnd) return null
  const message = parseMessage(parser)
  parser.end()
  return message
}

function parseMessage(parser: Parser): AppendMessage {
  parser.space()
  let flags: readonly string[] = []
  let internalDate: number | null = null
  if (parser.sees('(')) {
    flags = parser.flagList()
    parser.space()
  }
  if (parser.sees('"')) {
    internalDate = parser.dateTime()
    parser.space()
  }
  const isUtf8 = parser.acceptsWord('UTF8')
  if (isUtf8) parser.expect(' (')
  const { size, isBinary, end } = parser.streamedLiteral()
  return { flags, internalDate, size, isBinary, isUtf8, end }
}

/** Messages of one command, and their octets together, in messages of the largest size. */
const LIMITS = { messages: 500, sizes: 10 } as const

/**
 * Every message is taken as it comes, and none is there before all of them have come: what fails leaves the mailbox as
 * it was (RFC 3502 §3).
 */
export async function runAppend(
  { session, state, read }: Call<Authenticated | Selected>,
  { mailbox: name, message }: AppendArguments,
): Promise<Completion> {
  const arrivals: Arrival<Entry>[] = []
  try {
    const mailbox = await receiveAll(session, state, { read, name, message }, arrivals)
    const uids = await commitAll(session, mailbox, arrivals)
    return { code: `APPENDUID ${mailbox.uidValidity} ${printSequenceSet(uids)}` }
  } catch (error) {
    await Promise.all(arrivals.map(arrival => arrival.abort()))
    throw error
  }
}

type Begun = {
  readonly read: ReadCommand
  readonly name: string
  readonly message: AppendMessage
}

async function receiveAll(
  session: Session,
  { account }: Authenticated | Selected,
  { read, name, message }: Begun,
  arrivals: Arrival<Entry>[],
): Promise<Mailbox> {
  let command = read
  let octets = 0
  try {
    const mailbox = session.mailbox(account, name, 'TRYCREATE')
    for (let next: AppendMessage | null = message; next; ) {
      octets += next.size
      const arrival = await begin(session, mailbox, next, { count: arrivals.length + 1, octets })
      arrivals.push(arrival)
      const pending = command
      // From here on the reader passes over what is left of it, whatever happens.
      command = { ...command, message: null }
      command = await take(session, pending, arrival)
      next = parseNextMessage(command, next)
    }
    return mailbox
  } catch (error) {
    throw await session.decline(command, error)
  }
}

/** Throws where the message is not to be taken. `sum`: with those before it. */
function begin(
  session: Session,
  mailbox: Mailbox,
  { flags, internalDate, size, isUtf8 }: AppendMessage,
  sum: { readonly count: number; readonly octets: number },
): Promise<Arrival<Entry>> {
  const { store, maxMessageSize } = session.options
  if (size === 0) throw new ImapError('NO', 'a message has at least one octet', 'CANNOT')
  if (isUtf8 && !session.enabled.isUtf8) throw new ImapError('BAD', 'UTF8=ACCEPT is not enabled')
  if (sum.count > LIMITS.messages || sum.octets > LIMITS.sizes * maxMessageSize) {
    throw new ImapError('NO', 'too many messages at once', 'LIMIT')
  }
  store.mailboxes.checkQuota(mailbox, sum.count, sum.octets)
  return store.append(mailbox, {
    flags,
    ...(internalDate !== null && { internalDate }),
    listener: 'imap',
  })
}

/** Takes the octets, and reads on to the end of the command or to the next message. */
async function take(
  session: Session,
  command: ReadCommand,
  arrival: Arrival<Entry>,
): Promise<ReadCommand> {
  const { connection, options } = session
  session.expect(options.messageTimeout)
  const read = await connection.reader.takeMessage(command, chunk => arrival.write(chunk))
  if (!read) throw new Disconnected()
  if (read.refusal) throw read.refusal
  return read
}

/** One after the other, so that the UIDs ascend; where one fails, those before it go again. */
async function commitAll(
  session: Session,
  mailbox: Mailbox,
  arrivals: Arrival<Entry>[],
): Promise<readonly number[]> {
  const uids: number[] = []
  try {
    for (let arrival = arrivals.shift(); arrival; arrival = arrivals.shift()) {
      uids.push((await arrival.commit()).number)
    }
  } catch (error) {
    await session.options.store.mailboxes.expunge(mailbox, uids)
    throw error
  }
  return uids
}
