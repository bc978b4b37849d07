import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { closest } from './closest.ts'
import {
  type CommandOptions,
  completeOptions,
  type Environment,
  flagOf,
  OPTION_KEYS,
  OPTIONS,
  type OptionKey,
  UsageError,
  variableOf,
} from './options.ts'

/** What the command was asked to do. `warnings` are for the log. */
export type Command =
  | { readonly run: 'help' }
  | { readonly run: 'version' }
  | {
      readonly run: 'serve'
      readonly options: CommandOptions
      readonly warnings: readonly string[]
    }

/** Values from one place; `name` is how that place calls an option. */
type Source = {
  readonly values: Partial<Record<OptionKey, unknown>>
  readonly name: (key: OptionKey) => string
}

const CONFIG_FILE = 'mailcatch.config.json'

/**
 * Reads the arguments (without `node` and the script), the environment and the configuration file.
 * A flag beats a variable beats the file.
 * @throws UsageError for whatever cannot be understood, with a suggestion where there is one
 */
export function readCommandLine(
  args: readonly string[],
  environment: Environment = process.env,
  directory: string = process.cwd(),
): Command {
  const flags = readFlags(args, directory)
  if (flags === 'help' || flags === 'version') return { run: flags }
  const variables = readVariables(environment, directory)
  const config = flags.values.config ?? variables.source.values.config
  const file = readFile(typeof config === 'string' ? config : null, directory)
  const sources = [flags, variables.source, file]
  const merged = Object.assign({}, ...sources.toReversed().map(source => source.values))
  settle(merged, sources, 'data', 'memory')
  settle(merged, sources, 'auth', 'noAuth')
  return {
    run: 'serve',
    options: completeOptions<CommandOptions>(merged),
    warnings: variables.warnings,
  }
}

/**
 * A value and the switch that denies it: the one from the stronger source holds, and within one source
 * the two are an error.
 */
function settle(
  merged: Partial<Record<OptionKey, unknown>>,
  sources: readonly Source[],
  value: OptionKey,
  denial: OptionKey,
): void {
  for (const { values, name } of sources) {
    const hasValue = values[value] !== undefined
    const hasDenial = values[denial] === true
    if (hasValue && hasDenial) {
      throw new UsageError(`${name(value)} and ${name(denial)} contradict each other`)
    }
    if (hasValue || hasDenial) {
      if (hasDenial) delete merged[value]
      else merged[denial] = false
      return
    }
  }
}

const KEY_BY_FLAG: ReadonlyMap<string, OptionKey> = new Map(
  OPTION_KEYS.map(key => [flagOf(key), key]),
)
const FLAGS = [...KEY_BY_FLAG.keys(), 'help', 'version'].map(flag => `--${flag}`)

function readFlags(args: readonly string[], directory: string): Source | 'help' | 'version' {
  const types = [...KEY_BY_FLAG].map(
    ([flag, key]) =>
      [flag, { type: OPTIONS[key].kind.placeholder === null ? 'boolean' : 'string' }] as const,
  )
  // Not strict: its errors know nothing of suggestions, and the tokens say all that is needed.
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(types),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  })
  const values: Source['values'] = {}
  const name = (key: OptionKey) => `--${flagOf(key)}`
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      throw new UsageError(`unexpected argument ${JSON.stringify(token.value)}; try --help`)
    }
    if (token.name === 'help' || token.name === 'version') return token.name
    const key = KEY_BY_FLAG.get(token.name)
    if (!key) throw unknown('option', token.rawName, FLAGS, '; try --help')
    const { kind } = OPTIONS[key]
    // A word that starts with a dash is the next flag, unless it was joined by `=`.
    const isMissing =
      kind.placeholder !== null &&
      (token.value === undefined || (token.inlineValue === false && token.value.startsWith('-')))
    if (isMissing) throw new UsageError(`${name(key)} needs a value: ${kind.expected}`)
    const value = readText(key, token.value ?? 'true', name(key), directory, true)
    values[key] = kind.isList ? [...((values[key] as unknown[]) ?? []), ...(value as [])] : value
  }
  return { values, name }
}

const PREFIX = 'MAILCATCH_'

function readVariables(
  environment: Environment,
  directory: string,
): { readonly source: Source; readonly warnings: readonly string[] } {
  const values: Source['values'] = {}
  const warnings: string[] = []
  const keys = new Map(OPTION_KEYS.map(key => [variableOf(key), key]))
  const nameless = [...keys.keys()].map(variable => variable.slice(PREFIX.length))
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || !text) continue
    const key = keys.get(variable)
    if (!key) {
      // Not an error: container platforms put names of their own there, made from a service's name.
      const near = closest(variable.slice(PREFIX.length), nameless)
      if (near) warnings.push(`${variable} is unknown; did you mean ${PREFIX}${near}?`)
    } else if (OPTIONS[key].group === 'Ports' && text.startsWith('tcp://')) {
      warnings.push(`${variable} looks like a container link (${text}): ignored`)
    } else {
      values[key] = readText(key, text, variable, directory, true)
    }
  }
  return { source: { values, name: variableOf }, warnings }
}

/** Reads the file that was named, or the usual one if it is there. */
function readFile(named: string | null, directory: string): Source {
  const path = named ?? resolve(directory, CONFIG_FILE)
  const values: Source['values'] = {}
  const source: Source = { values, name: key => `${key} (in ${path})` }
  const text = readIfThere(path, named !== null)
  if (text === null) return source
  for (const [key, value] of Object.entries(parseObject(text, path))) {
    const keys = OPTION_KEYS.filter(known => known !== 'config')
    const known = keys.find(candidate => candidate === key)
    if (!known) throw unknown('key', key, keys, ` in ${path}`)
    const parts = Array.isArray(value) && OPTIONS[known].kind.isList ? value : [value]
    if (!parts.every(part => ['string', 'number', 'boolean'].includes(typeof part))) {
      throw new UsageError(`${path}: ${key} is not ${OPTIONS[known].kind.expected}`)
    }
    values[known] = readText(known, parts.join(','), `${path}: ${key}`, dirname(path), false)
  }
  return source
}

function readIfThere(path: string, isRequired: boolean): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' && !isRequired) return null
    throw new UsageError(`cannot read the settings: ${message}`, { cause: error })
  }
}

function parseObject(text: string, path: string): object {
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UsageError(`${path} is not JSON: ${(error as Error).message}`, { cause: error })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new UsageError(`${path} is not a JSON object`)
  }
  return parsed
}

/** `byFlag`: a switch that says no (`--no-delete`, `MAILCATCH_NO_DELETE`) means the opposite of its key. */
function readText(
  key: OptionKey,
  text: string,
  name: string,
  directory: string,
  byFlag: boolean,
): unknown {
  const { kind, negated } = OPTIONS[key]
  const value = kind.parse(text, directory)
  if (value === undefined) {
    // A login is a secret: it is not repeated.
    const shown = kind.placeholder === 'USER:PASSWORD' ? 'the value' : JSON.stringify(text)
    throw new UsageError(`${name}: ${shown} is not ${kind.expected}`)
  }
  return negated && byFlag ? !value : value
}

function unknown(what: string, word: string, known: readonly string[], rest: string): UsageError {
  const near = closest(word, known)
  return new UsageError(`unknown ${what} ${word}${near ? `; did you mean ${near}?` : rest}`)
}
