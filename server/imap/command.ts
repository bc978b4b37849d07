import { parseAppend } from './commands/append.ts'
import { parseAuthenticate } from './commands/authenticate.ts'
import { parseCompress } from './commands/compress.ts'
import { parseCopy, parseUidCopy } from './commands/copy.ts'
import { parseCreate } from './commands/create.ts'
import { parseDelete } from './commands/delete.ts'
import { parseEnable } from './commands/enable.ts'
import { parseExpunge, parseUidExpunge } from './commands/expunge.ts'
import { parseFetch, parseUidFetch } from './commands/fetch/fetch.ts'
import { parseId } from './commands/id.ts'
import { parseList } from './commands/list.ts'
import { parseLogin } from './commands/login.ts'
import { parseLsub } from './commands/lsub.ts'
import { parseMove, parseUidMove } from './commands/move.ts'
import { parseRename } from './commands/rename.ts'
import { parseSearch, parseUidSearch } from './commands/search/search.ts'
import { parseSort, parseUidSort } from './commands/search/sort.ts'
import { parseThread, parseUidThread } from './commands/search/thread.ts'
import { parseSelect } from './commands/select.ts'
import { parseStatus } from './commands/status.ts'
import { parseStore, parseUidStore } from './commands/store.ts'
import { parseSubscribe } from './commands/subscribe.ts'
import type { CommandText } from './syntax/command-text.ts'
import { Parser } from './syntax/parser.ts'

/** RFC 9051 §3, without the logout state, in which there are no commands. */
export type StateName = 'not-authenticated' | 'authenticated' | 'selected'

type Entry<Arguments> = {
  /** Where the command is legal. */
  readonly states: readonly StateName[]
  /** Reads what comes after the command's name, with the space before it. */
  parse(parser: Parser): Arguments
}

const ANY: readonly StateName[] = ['not-authenticated', 'authenticated', 'selected']
const BEFORE_LOGIN: readonly StateName[] = ['not-authenticated']
const AFTER_LOGIN: readonly StateName[] = ['authenticated', 'selected']
const SELECTED: readonly StateName[] = ['selected']

const entry = <Arguments>(
  states: readonly StateName[],
  parse: (parser: Parser) => Arguments,
): Entry<Arguments> => ({ states, parse })
const noArguments = (): null => null

/** Every command, in the order of RFC 9051 §6; those of RFC 3501 and of extensions after their likes. */
export const COMMANDS = {
  // RFC 9051 §6.1; ID: RFC 2971.
  CAPABILITY: entry(ANY, noArguments),
  NOOP: entry(ANY, noArguments),
  LOGOUT: entry(ANY, noArguments),
  ID: entry(ANY, parseId),
  // §6.2
  STARTTLS: entry(BEFORE_LOGIN, noArguments),
  AUTHENTICATE: entry(BEFORE_LOGIN, parseAuthenticate),
  LOGIN: entry(BEFORE_LOGIN, parseLogin),
  // §6.3; LSUB: RFC 3501 §6.3.9; COMPRESS: RFC 4978. ENABLE need not be refused once a mailbox is open (§6.3.1).
  ENABLE: entry(AFTER_LOGIN, parseEnable),
  SELECT: entry(AFTER_LOGIN, parseSelect),
  EXAMINE: entry(AFTER_LOGIN, parseSelect),
  CREATE: entry(AFTER_LOGIN, parseCreate),
  DELETE: entry(AFTER_LOGIN, parseDelete),
  RENAME: entry(AFTER_LOGIN, parseRename),
  SUBSCRIBE: entry(AFTER_LOGIN, parseSubscribe),
  UNSUBSCRIBE: entry(AFTER_LOGIN, parseSubscribe),
  LIST: entry(AFTER_LOGIN, parseList),
  LSUB: entry(AFTER_LOGIN, parseLsub),
  NAMESPACE: entry(AFTER_LOGIN, noArguments),
  STATUS: entry(AFTER_LOGIN, parseStatus),
  APPEND: entry(AFTER_LOGIN, parseAppend),
  IDLE: entry(AFTER_LOGIN, noArguments),
  COMPRESS: entry(AFTER_LOGIN, parseCompress),
  // §6.4; CHECK: RFC 3501 §6.4.1; SORT, THREAD: RFC 5256.
  CHECK: entry(SELECTED, noArguments),
  CLOSE: entry(SELECTED, noArguments),
  UNSELECT: entry(SELECTED, noArguments),
  EXPUNGE: entry(SELECTED, parseExpunge),
  'UID EXPUNGE': entry(SELECTED, parseUidExpunge),
  SEARCH: entry(SELECTED, parseSearch),
  'UID SEARCH': entry(SELECTED, parseUidSearch),
  SORT: entry(SELECTED, parseSort),
  'UID SORT': entry(SELECTED, parseUidSort),
  THREAD: entry(SELECTED, parseThread),
  'UID THREAD': entry(SELECTED, parseUidThread),
  FETCH: entry(SELECTED, parseFetch),
  'UID FETCH': entry(SELECTED, parseUidFetch),
  STORE: entry(SELECTED, parseStore),
  'UID STORE': entry(SELECTED, parseUidStore),
  COPY: entry(SELECTED, parseCopy),
  'UID COPY': entry(SELECTED, parseUidCopy),
  MOVE: entry(SELECTED, parseMove),
  'UID MOVE': entry(SELECTED, parseUidMove),
} as const

export type CommandName = keyof typeof COMMANDS
export type ArgumentsOf<Name extends CommandName> = ReturnType<(typeof COMMANDS)[Name]['parse']>

/** A command that is as the grammar has it: what a session runs, if it is in one of `COMMANDS[name].states`. */
export type Command = {
  readonly [Name in CommandName]: {
    readonly commandTag: string
    readonly name: Name
    readonly args: ArgumentsOf<Name>
  }
}[CommandName]

/** The tag of a command that may be anything else but right; null where there is none to answer with. */
export function commandTagOf({ text }: CommandText): string | null {
  return /^([!#$&',\-./0-9:;<=>?@A-Z[\]^_`a-z|}~]{1,1000})(?: |$)/.exec(text)?.[1] ?? null
}

/**
 * Reads a command, its name in any case. One of APPEND is read as far as its first message.
 *
 * @param options `isUtf8`: the client has enabled IMAP4rev2 or UTF8=ACCEPT
 * @throws ImapSyntaxError, and what the parsers of arguments throw: ImapError
 */
export function parseCommand(text: CommandText, options: { isUtf8?: boolean } = {}): Command {
  const parser = new Parser(text, options)
  const commandTag = parser.tag()
  parser.space()
  const at = parser.at
  const word = parser.word()
  let name = word
  if (word === 'UID') {
    parser.space()
    name = `UID ${parser.word()}`
  }
  if (!isCommandName(name)) return parser.fail('there is no such command', at)
  const args = COMMANDS[name].parse(parser)
  parser.end()
  // The table pairs each name with its arguments.
  return { commandTag, name, args } as Command
}

const isCommandName = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)
