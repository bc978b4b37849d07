import type { Letter } from './command-letters.ts'
import type { Report } from './commands/report.ts'
import {
  countKind,
  durationKind,
  filePathKind,
  sizeKind,
  switchKind,
  textKind,
  urlKind,
} from './option-kinds.ts'
import { OPTIONS, type Option, type OptionTable, type ValuesOf } from './options.ts'

/** A sub-command: what the command line and the help know of it. What it does is loaded when it is asked for. */
export type CommandDefinition = {
  readonly name: string
  /** How its operands are shown. */
  readonly operands: string
  /** One line, for the list of the commands. */
  readonly help: string
  /** What its own help says beyond that. */
  readonly details: string
  readonly options: OptionTable
  /** It speaks to a running Mailcatch, which may keep nothing on disk. */
  readonly isForRunning?: true
  /** It is called as another program is, with flags of one letter: which of them have values (see `takeLetters`). */
  readonly letters?: { readonly valued: string; readonly glued: string }

  /** What its exit codes mean, where not what they usually do. */
  readonly exitCodes?: string
  readonly load: () => Promise<CommandAction>
}

/** Resolves with the exit code. An error that is thrown ends the command. */
export type CommandAction<T extends OptionTable = OptionTable> = (
  call: CommandCall<T>,
) => Promise<0 | 1>

export type CommandCall<T extends OptionTable = OptionTable> = {
  readonly operands: readonly string[]
  /** Flags of one letter, in their order, of a command that has such. */
  readonly letters?: readonly Letter[]
  readonly options: ValuesOf<T>
  readonly report: Report
  /** Aborted by a signal: it is time to come to an end, and to leave everything in order. */
  readonly signal: AbortSignal
}

/** What every command takes. */
const common = {
  quiet: OPTIONS.quiet,
  verbose: { ...OPTIONS.verbose, help: 'add stack traces to errors' },
  config: OPTIONS.config,
}

const target = {
  url: {
    kind: urlKind,
    group: 'Store',
    default: null,
    shown: 'whoever has the data directory',
    help: 'the running Mailcatch to talk to',
  } satisfies Option<string | null>,
  data: OPTIONS.data,
  auth: { ...OPTIONS.auth, help: 'the login of a Mailcatch that asks for one' },
}

export const importOptions = {
  ...target,
  maxMessageSize: {
    ...OPTIONS.maxMessageSize,
    kind: sizeKind,
    default: null,
    shown: "the running Mailcatch's, or 50MiB",
    help: 'the largest message that is imported',
  } as Option<number | null>,
  fsync: {
    ...OPTIONS.fsync,
    help: 'in a data directory, make every message survive power loss too',
  },
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, imported' },
  ...common,
}

export const exportOptions = {
  ...target,
  mbox: {
    kind: filePathKind,
    group: 'Command line',
    default: null,
    help: 'write an mbox, instead of a folder or beside it',
    flagOnly: true,
  } satisfies Option<string | null>,
  q: {
    kind: textKind,
    group: 'Command line',
    default: null,
    shown: 'everything',
    help: "export what this search finds, in the search box's language",
    flagOnly: true,
  } satisfies Option<string | null>,
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, exported' },
  ...common,
}

export const doctorOptions = {
  data: OPTIONS.data,
  fix: {
    kind: switchKind,
    group: 'Command line',
    default: false,
    help: 'mend what is found',
    flagOnly: true,
  } satisfies Option<boolean>,
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, examined' },
  ...common,
}

/** Where a running Mailcatch is: at its URL, where the data directory says, or at its web port. */
const running = {
  ...target,
  url: { ...target.url, shown: 'whoever has the data directory, or the web port' },
  httpPort: { ...OPTIONS.httpPort, help: 'the web port of a Mailcatch on this machine' },
  basePath: { ...OPTIONS.basePath, help: 'the URL path that it is served under' },
}

const text = (help: string, more: Partial<Option<string | null>> = {}) =>
  ({
    ...{ kind: textKind, group: 'Command line', default: null, help, flagOnly: true },
    ...more,
  }) satisfies Option<string | null>

const flag = (help: string) =>
  ({
    ...{ kind: switchKind, group: 'Command line', default: false, help, flagOnly: true },
  }) satisfies Option<boolean>

/** Which messages are meant: the commonest keys of the matcher; a SEARCH says the others. */
const which = {
  to: text('only messages to this address (in the To field)'),
  from: text('only messages from this address'),
  rcpt: text('only messages to this recipient (of the envelope)'),
  subject: text('only messages with this in the subject'),
  tag: text('only messages with this tag'),
  inbox: text('only messages of this inbox (its id)'),
  unread: flag('only unread messages'),
}

export const listOptions = {
  ...running,
  ...which,
  limit: {
    ...{ kind: countKind, group: 'Command line', default: 20, flagOnly: true },
    help: 'how many at most',
  } satisfies Option<number>,
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, message' },
  ...common,
}

export const showOptions = {
  ...running,
  ...which,
  html: flag('print the source of the HTML'),
  raw: flag('print the message exactly as it was sent'),
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, message' },
  ...common,
}

export const sendOptions = {
  ...running,
  to: text('whom it is for; several with commas', { shown: 'you@example.com' }),
  from: text('whom it is from', { shown: 'mailcatch@example.com' }),
  subject: text('its subject', { shown: 'A test mail' }),
  text: text('its text'),
  html: text('its HTML'),
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, sent' },
  ...common,
}

export const sendmailOptions = {
  ...running,
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, sent' },
  ...common,
}

export const clearOptions = {
  ...running,
  ...which,
  json: { ...OPTIONS.json, help: 'print one JSON object per line: error, cleared' },
  ...common,
}

export const waitOptions = {
  ...running,
  ...which,
  address: text('only messages for this address (of the envelope, To, Cc or Bcc)'),
  body: text('only messages with this in the text or the HTML'),
  since: text('only messages after this id, the oldest first; now: from now on'),
  count: {
    ...{ kind: countKind, group: 'Command line', default: 1, flagOnly: true },
    help: 'how many messages to wait for',
  } satisfies Option<number>,
  timeout: {
    ...{ kind: durationKind, group: 'Command line', default: 10_000, flagOnly: true },
    ...{ shown: '10s', help: 'how long to wait, at most 120s' },
  } satisfies Option<number | null>,
  exact: flag('fail if there are more'),
  none: flag('wait for what is being sent, and fail if there is a message'),
  code: flag('print the one-time code of the message'),
  link: flag('print the link of the message: what it asks to do, or its only one'),
  linkText: text('print the link with this text'),
  json: {
    ...OPTIONS.json,
    help: 'print one JSON object per line: error, message, code, link, none',
  },
  ...common,
}

/** Every sub-command once. */
export const COMMANDS: readonly CommandDefinition[] = [
  define({
    name: 'import',
    operands: 'SOURCE…',
    help: 'put mail from files, folders, mboxes and Maildirs into the inbox',
    details: `A SOURCE is a message (.eml), an mbox, a folder of .eml files (with the folders in it), a Maildir
(of which \\Seen and \\Flagged are kept), or - for standard input. A message that is there already is not
imported again: the same command, given again, goes on where it was interrupted.`,
    options: importOptions,
    load: async () => (await import('./commands/import.ts')).importMail,
  }),
  define({
    name: 'export',
    operands: '[FOLDER]',
    help: 'write the messages to a folder, or to an mbox',
    details: `Each message becomes FOLDER/ID.eml, exactly as it was sent. What is there already stays: the same
command, given again, goes on where it was interrupted. An mbox is always written anew.`,
    options: exportOptions,
    load: async () => (await import('./commands/export.ts')).exportMail,
  }),
  define({
    name: 'doctor',
    operands: '',
    help: 'look for damage in a data directory, and mend it',
    details: `Holds the index against the raw files and the change log, without writing anything; with --fix, what no
file tells any more is dropped from the index, everything else is made anew. Mails that somebody laid among the raw
files are imported. No Mailcatch may have the directory meanwhile.`,
    options: doctorOptions,
    load: async () => (await import('./commands/doctor.ts')).examineData,
  }),
  define({
    name: 'list',
    operands: '[SEARCH]',
    help: 'show the newest messages as a table',
    details: `Asks a running Mailcatch. SEARCH is the language of the search box: mailcatch list 'from:ann newer:1h'.`,
    options: listOptions,
    isForRunning: true,
    load: async () => (await import('./commands/list.ts')).listMail,
  }),
  define({
    name: 'show',
    operands: 'ID',
    help: 'show a message: its header fields and its text',
    details: `Asks a running Mailcatch. ID is a number of the list, or latest: the newest of all, or of those that
--to and the like let through. On a terminal control characters are escaped; elsewhere --raw is exact.`,
    options: showOptions,
    isForRunning: true,
    load: async () => (await import('./commands/show.ts')).showMail,
  }),
  define({
    name: 'send',
    operands: '[-]',
    help: 'put a test mail into the inbox',
    details: `Makes a message and hands it to a running Mailcatch; nothing is delivered. With - the text is read from
standard input.`,
    options: sendOptions,
    isForRunning: true,
    load: async () => (await import('./commands/send.ts')).sendMail,
  }),
  define({
    name: 'sendmail',
    operands: '[-t] [-i] [-f ADDRESS] [RECIPIENT…]',
    help: 'take a message from standard input, as /usr/sbin/sendmail does',
    details: `For programs that pipe their mail into sendmail: PHP's mail(), cron, git send-email. -t takes the recipients of
the To, Cc and Bcc fields, -i a line of a single dot as text, -f names the sender. Other flags of sendmail mean nothing
here. The message goes to a running Mailcatch.`,
    options: sendmailOptions,
    isForRunning: true,
    letters: { valued: 'BFfhLNOpRrVX', glued: 'Aobqd' },
    load: async () => (await import('./commands/sendmail.ts')).sendmail,
  }),
  define({
    name: 'clear',
    operands: '[SEARCH]',
    help: 'delete messages: all, or those that are named',
    details: `Asks a running Mailcatch, which must not have been started with --no-delete. Without SEARCH and without --to
and the like every message is deleted. Says how many there were.`,
    options: clearOptions,
    isForRunning: true,
    load: async () => (await import('./commands/clear.ts')).clearMail,
  }),
  define({
    name: 'wait',
    operands: '[SEARCH]',
    help: 'wait for a message, and print its number, code or link',
    details: `Asks a running Mailcatch. A message that is there already will do, unless it came before --since. When the
time is over it says what came instead: mailcatch wait --to ann@example.com --timeout 10s --code`,
    options: waitOptions,
    isForRunning: true,
    exitCodes:
      '0 found, 1 failed, 2 wrong usage, 4 timed out, 5 several, or one that should not be',
    load: async () => (await import('./commands/wait.ts')).waitForMail,
  }),
]

/** A definition whose options the action knows by their types. */
function define<T extends OptionTable>(
  definition: Omit<CommandDefinition, 'options' | 'load'> & {
    readonly options: T
    readonly load: () => Promise<CommandAction<T>>
  },
): CommandDefinition {
  return { ...definition, load: definition.load as unknown as CommandDefinition['load'] }
}
