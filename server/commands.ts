import type { Report } from './commands/report.ts'
import { filePathKind, sizeKind, switchKind, textKind, urlKind } from './option-kinds.ts'
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
  readonly load: () => Promise<CommandAction>
}

/** Resolves with the exit code. An error that is thrown ends the command. */
export type CommandAction<T extends OptionTable = OptionTable> = (
  call: CommandCall<T>,
) => Promise<0 | 1>

export type CommandCall<T extends OptionTable = OptionTable> = {
  readonly operands: readonly string[]
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
