import { resolve } from 'node:path'
import { type Letter, takeLetters } from './command-letters.ts'
import { COMMANDS, type CommandDefinition } from './commands.ts'
import {
  type OptionSource,
  readArguments,
  readSettings,
  readVariables,
  unknownWord,
} from './option-sources.ts'
import {
  type CommandOptions,
  completeOptions,
  defaultDataDirectory,
  type Environment,
  OPTIONS,
  type OptionTable,
  UsageError,
} from './options.ts'

/** What the command was asked to do. `warnings` are for the log. */
export type Command =
  | { readonly run: 'help'; readonly command: CommandDefinition | null }
  | { readonly run: 'version' }
  | {
      readonly run: 'serve'
      readonly options: CommandOptions
      readonly warnings: readonly string[]
    }
  | {
      readonly run: 'command'
      readonly command: CommandDefinition
      readonly operands: readonly string[]
      readonly letters: readonly Letter[]
      /** The values of `command.options`. */
      readonly options: Readonly<Record<string, unknown>>
      readonly warnings: readonly string[]
    }

const CONFIG_FILE = 'mailcatch.config.json'

/**
 * Reads the arguments (without `node` and the script), the environment and the configuration file.
 * A flag beats a variable beats the file. A first argument that is no flag names a sub-command.
 * @throws UsageError for whatever cannot be understood, with a suggestion where there is one
 */
export function readCommandLine(
  args: readonly string[],
  environment: Environment = process.env,
  directory: string = process.cwd(),
): Command {
  const [first, ...rest] = args
  if (first === undefined || first.startsWith('-')) return readServe(args, environment, directory)
  const command = COMMANDS.find(({ name }) => name === first)
  if (command) return readCommand(command, rest, environment, directory)
  const names = COMMANDS.map(({ name }) => name)
  throw unknownWord('command', first, names, '; try --help')
}

function readServe(args: readonly string[], environment: Environment, directory: string): Command {
  const { flags, operands, asked } = readArguments(args, OPTIONS, directory)
  if (asked === 'help') return { run: 'help', command: null }
  if (asked === 'version') return { run: 'version' }
  const operand = operands[0]
  if (operand !== undefined) {
    const isCommand = COMMANDS.some(({ name }) => name === operand)
    const remedy = isCommand ? `mailcatch ${operand} … puts it first` : 'try --help'
    throw new UsageError(`unexpected argument ${JSON.stringify(operand)}; ${remedy}`)
  }
  const { sources, warnings } = allSources(flags, OPTIONS, environment, directory)
  const merged = merge(sources)
  keepStrongest(merged, sources, ['data', 'memory'])
  keepStrongest(merged, sources, ['auth', 'noAuth'])
  return { run: 'serve', options: completeOptions<CommandOptions>(merged), warnings }
}

function readCommand(
  command: CommandDefinition,
  args: readonly string[],
  environment: Environment,
  directory: string,
): Command {
  const { letters, rest } = command.letters
    ? takeLetters(args, command.letters, command.options)
    : { letters: [], rest: args }
  const { flags, operands, asked } = readArguments(rest, command.options, directory)
  if (asked === 'help') return { run: 'help', command }
  if (asked === 'version') return { run: 'version' }
  // A command looks at what is stored: that nothing is, it must know.
  const table: OptionTable = { ...command.options, memory: OPTIONS.memory }
  const { sources, warnings } = allSources(flags, table, environment, directory)
  const merged = merge(sources)
  keepStrongest(merged, sources, ['url', 'data', 'memory'])
  if (merged.memory === true && !command.isForRunning) {
    throw new UsageError(
      'the settings say memory, which another process cannot look into; --url URL names a running Mailcatch, --data DIR a directory',
    )
  }
  const defaults = Object.entries(command.options).map(([key, option]) => [key, option.default])
  const options = { ...Object.fromEntries(defaults), ...merged }
  if (options.data === '') options.data = defaultDataDirectory(environment)
  return { run: 'command', command, operands, letters, options, warnings }
}

/** The strongest first. */
function allSources(
  flags: OptionSource,
  table: OptionTable,
  environment: Environment,
  directory: string,
) {
  const known = [OPTIONS, ...COMMANDS.map(({ options }) => options)]
  const { variables, warnings } = readVariables(environment, table, known, directory)
  const config = flags.values.config ?? variables.values.config
  const isNamed = typeof config === 'string'
  const path = isNamed ? config : resolve(directory, CONFIG_FILE)
  return {
    sources: [flags, variables, readSettings(path, isNamed, table, OPTIONS)],
    warnings,
  }
}

const merge = (sources: readonly OptionSource[]): Record<string, unknown> =>
  Object.assign({}, ...sources.toReversed().map(({ values }) => values))

/**
 * Of options that exclude each other the one from the strongest source holds, and within one source two are an error.
 * A switch that is off excludes nothing.
 */
function keepStrongest(
  merged: Record<string, unknown>,
  sources: readonly OptionSource[],
  keys: readonly string[],
): void {
  for (const { values, name } of sources) {
    const [said, other] = keys.filter(key => values[key] !== undefined && values[key] !== false)
    if (said === undefined) continue
    if (other !== undefined) {
      throw new UsageError(`${name(said)} and ${name(other)} contradict each other`)
    }
    for (const key of keys) if (key !== said) delete merged[key]
    return
  }
}
