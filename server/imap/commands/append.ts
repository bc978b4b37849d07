/**
 * APPEND stores messages that the client sends, several of them all or none (RFC 9051 §6.3.12; RFC 3502; RFC 3516 §4.4;
 * RFC 6855 §4).
 *
 * append         = "APPEND" SP mailbox 1*append-message
 * append-message = [SP flag-list] [SP date-time] SP (literal / literal8 / "UTF8" SP "(" literal8 ")")
 */
import type { CommandText } from '../syntax/command-text.ts'
import { Parser } from '../syntax/parser.ts'

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
