import { parseAppend, runAppend } from './commands/append.ts'
import { parseAuthenticate, runAuthenticate } from './commands/authenticate.ts'
import { runCapability } from './commands/capability.ts'
import { runCheck } from './commands/check.ts'
import { runClose } from './commands/close.ts'
import { parseCompress, runCompress } from './commands/compress.ts'
import { parseCopy, parseUidCopy, runCopy } from './commands/copy.ts'
import { parseCreate, runCreate } from './commands/create.ts'
import { parseDelete, runDelete } from './commands/delete.ts'
import { parseEnable, runEnable } from './commands/enable.ts'
import { parseExpunge, parseUidExpunge, runExpunge } from './commands/expunge.ts'
import { parseFetch, parseUidFetch, runFetch } from './commands/fetch/fetch.ts'
import { parseId, runId } from './commands/id.ts'
import { runIdle } from './commands/idle.ts'
import { parseList, runList } from './commands/list.ts'
import { parseLogin, runLogin } from './commands/login.ts'
import { runLogout } from './commands/logout.ts'
import { parseLsub, runLsub } from './commands/lsub.ts'
import { parseMove, parseUidMove, runMove } from './commands/move.ts'
import { runNamespace } from './commands/namespace.ts'
import { runNoop } from './commands/noop.ts'
import { parseRename, runRename } from './commands/rename.ts'
import { parseSearch, parseUidSearch, runSearch } from './commands/search/search.ts'
import { parseSort, parseUidSort, runSort } from './commands/search/sort.ts'
import { parseThread, parseUidThread, runThread } from './commands/search/thread.ts'
import { parseSelect, runExamine, runSelect } from './commands/select.ts'
import { runStartTls } from './commands/starttls.ts'
import { parseStatus, runStatus } from './commands/status.ts'
import { parseStore, parseUidStore, runStore } from './commands/store.ts'
import { parseSubscribe, runSubscribe, runUnsubscribe } from './commands/subscribe.ts'
import { runUnselect } from './commands/unselect.ts'
import type { Call, Completion, SessionState } from './session.ts'
import type { CommandText } from './syntax/command-text.ts'
import { Parser } from './syntax/parser.ts'

/** RFC 9051 §3, without the logout state, in which there are no commands. */
export type StateName = SessionState['name']

type StateNamed<Name extends StateName> = Extract<SessionState, { readonly name: Name }>

type Entry<Arguments, Name extends StateName> = {
  /** Where the command is legal. */
  readonly states: readonly Name[]
  /** Reads what comes after the command's name, with the space before it. */
  parse(parser: Parser): Arguments
  run(call: Call<StateNamed<Name>>, args: Arguments): Promise<Completion> | Completion
  /** It answers with sequence numbers, so that no message may go meanwhile (RFC 9051 §7.5.1, RFC 5256 §3). */
  readonly holdsExpunges: boolean
}

const ANY = ['not-authenticated', 'authenticated', 'selected'] as const
const BEFORE_LOGIN = ['not-authenticated'] as const
const AFTER_LOGIN = ['authenticated', 'selected'] as const
const SELECTED = ['selected'] as const

const entry = <Arguments, Name extends StateName>(
  states: readonly Name[],
  parse: (parser: Parser) => Arguments,
  run: Entry<Arguments, Name>['run'],
  { holdsExpunges = false } = {},
): Entry<Arguments, Name> => ({ states, parse, run, holdsExpunges })
const noArguments = (): null => null
const HOLDING = { holdsExpunges: true }

/** Every command, in the order of RFC 9051 §6; those of RFC 3501 and of extensions after their likes. */
export const COMMANDS = {
  // RFC 9051 §6.1; ID: RFC 2971.
  CAPABILITY: entry(ANY, noArguments, runCapability),
  NOOP: entry(ANY, noArguments, runNoop),
  LOGOUT: entry(ANY, noArguments, runLogout),
  ID: entry(ANY, parseId, runId),
  // §6.2
  STARTTLS: entry(BEFORE_LOGIN, noArguments, runStartTls),
  AUTHENTICATE: entry(BEFORE_LOGIN, parseAuthenticate, runAuthenticate),
  LOGIN: entry(BEFORE_LOGIN, parseLogin, runLogin),
  // §6.3; LSUB: RFC 3501 §6.3.9; COMPRESS: RFC 4978. ENABLE need not be refused once a mailbox is open (§6.3.1).
  ENABLE: entry(AFTER_LOGIN, parseEnable, runEnable),
  SELECT: entry(AFTER_LOGIN, parseSelect, runSelect),
  EXAMINE: entry(AFTER_LOGIN, parseSelect, runExamine),
  CREATE: entry(AFTER_LOGIN, parseCreate, runCreate),
  DELETE: entry(AFTER_LOGIN, parseDelete, runDelete),
  RENAME: entry(AFTER_LOGIN, parseRename, runRename),
  SUBSCRIBE: entry(AFTER_LOGIN, parseSubscribe, runSubscribe),
  UNSUBSCRIBE: entry(AFTER_LOGIN, parseSubscribe, runUnsubscribe),
  LIST: entry(AFTER_LOGIN, parseList, runList),
  LSUB: entry(AFTER_LOGIN, parseLsub, runLsub),
  NAMESPACE: entry(AFTER_LOGIN, noArguments, runNamespace),
  STATUS: entry(AFTER_LOGIN, parseStatus, runStatus),
  APPEND: entry(AFTER_LOGIN, parseAppend, runAppend),
  IDLE: entry(AFTER_LOGIN, noArguments, runIdle),
  COMPRESS: entry(AFTER_LOGIN, parseCompress, runCompress),
  // §6.4; CHECK: RFC 3501 §6.4.1; SORT, THREAD: RFC 5256.
  CHECK: entry(SELECTED, noArguments, runCheck),
  CLOSE: entry(SELECTED, noArguments, runClose),
  UNSELECT: entry(SELECTED, noArguments, runUnselect),
  EXPUNGE: entry(SELECTED, parseExpunge, runExpunge),
  'UID EXPUNGE': entry(SELECTED, parseUidExpunge, runExpunge),
  SEARCH: entry(SELECTED, parseSearch, runSearch, HOLDING),
  'UID SEARCH': entry(SELECTED, parseUidSearch, runSearch),
  SORT: entry(SELECTED, parseSort, runSort, HOLDING),
  'UID SORT': entry(SELECTED, parseUidSort, runSort),
  THREAD: entry(SELECTED, parseThread, runThread, HOLDING),
  'UID THREAD': entry(SELECTED, parseUidThread, runThread),
  FETCH: entry(SELECTED, parseFetch, runFetch, HOLDING),
  'UID FETCH': entry(SELECTED, parseUidFetch, runFetch),
  STORE: entry(SELECTED, parseStore, runStore, HOLDING),
  'UID STORE': entry(SELECTED, parseUidStore, runStore),
  COPY: entry(SELECTED, parseCopy, runCopy),
  'UID COPY': entry(SELECTED, parseUidCopy, runCopy),
  MOVE: entry(SELECTED, parseMove, runMove),
  'UID MOVE': entry(SELECTED, parseUidMove, runMove),
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
  // One that cannot be answered with is none.
  const commandTag = commandTagOf(text) === null ? parser.fail('expected a tag') : parser.tag()
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
