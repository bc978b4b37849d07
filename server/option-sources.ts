import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { closest } from './closest.ts'
import {
  type Environment,
  flagName,
  type Option,
  type OptionTable,
  UsageError,
  variableName,
} from './options.ts'

/** Values from one place; `name` is how that place calls an option. */
export type OptionSource = {
  readonly values: Record<string, unknown>
  readonly name: (key: string) => string
}

/** What the arguments say. */
export type Arguments = {
  readonly flags: OptionSource
  readonly operands: readonly string[]
  /** What is to be printed instead of all else. */
  readonly asked: 'help' | 'version' | null
}

/**
 * Reads arguments. What is no flag is an operand.
 * @param directory where a relative path starts
 */
export function readArguments(
  args: readonly string[],
  table: OptionTable,
  directory: string,
): Arguments {
  const keys = new Map(
    Object.entries(table).map(([key, option]) => [flagName(key, option), { key, option }]),
  )
  const types = [...keys].map(
    ([flag, { option }]) =>
      [flag, { type: option.kind.placeholder === null ? 'boolean' : 'string' }] as const,
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
  const values: Record<string, unknown> = {}
  const operands: string[] = []
  const name = (key: string) => `--${flagName(key, table[key] as Option)}`
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue
    if (token.kind === 'positional') {
      operands.push(token.value)
      continue
    }
    if (token.name === 'help' || token.name === 'version') {
      return { flags: { values, name }, operands, asked: token.name }
    }
    const found = keys.get(token.name)
    if (!found) {
      const known = [...keys.keys(), 'help', 'version'].map(flag => `--${flag}`)
      throw unknownWord('option', token.rawName, known, '; try --help')
    }
    const { key, option } = found
    // A word that starts with a dash is the next flag, unless it was joined by `=`.
    const isMissing =
      option.kind.placeholder !== null &&
      (token.value === undefined || (token.inlineValue === false && token.value.startsWith('-')))
    if (isMissing) throw new UsageError(`${name(key)} needs a value: ${option.kind.expected}`)
    const value = readText(option, token.value ?? 'true', name(key), directory, true)
    values[key] = option.kind.isList
      ? [...((values[key] as unknown[]) ?? []), ...(value as [])]
      : value
  }
  return { flags: { values, name }, operands, asked: null }
}

const PREFIX = 'MAILCATCH_'

/**
 * Reads variables. A name that is not among the options of `table` is passed over; `warnings` tell of one that looks
 * like a slip of one of `known`.
 */
export function readVariables(
  environment: Environment,
  table: OptionTable,
  known: readonly OptionTable[],
  directory: string,
): { readonly variables: OptionSource; readonly warnings: readonly string[] } {
  const values: Record<string, unknown> = {}
  const warnings: string[] = []
  const keys = byVariable(table)
  const others = byVariable(Object.assign({}, ...known, table))
  const nameless = [...others.keys()].map(variable => variable.slice(PREFIX.length))
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || !text) continue
    const found = keys.get(variable)
    if (found?.option.group === 'Ports' && text.startsWith('tcp://')) {
      warnings.push(`${variable} looks like a container link (${text}): ignored`)
    } else if (found) {
      values[found.key] = readText(found.option, text, variable, directory, true)
    } else if (!others.has(variable)) {
      // Not an error: container platforms put names of their own there, made from a service's name.
      const near = closest(variable.slice(PREFIX.length), nameless)
      if (near) warnings.push(`${variable} is unknown; did you mean ${PREFIX}${near}?`)
    }
  }
  const name = (key: string) => variableName(key, table[key] as Option)
  return { variables: { values, name }, warnings }
}

const byVariable = (table: OptionTable) =>
  new Map(
    Object.entries(table)
      .filter(([, { flagOnly }]) => !flagOnly)
      .map(([key, option]) => [variableName(key, option), { key, option }]),
  )

/**
 * Reads a settings file: values for options of `table`. Keys of `known` alone are passed over, others are errors.
 * @param isRequired whether it is an error that there is no such file
 */
export function readSettings(
  path: string,
  isRequired: boolean,
  table: OptionTable,
  known: OptionTable,
): OptionSource {
  const values: Record<string, unknown> = {}
  const source = { values, name: (key: string) => `${key} (in ${path})` }
  const text = readIfThere(path, isRequired)
  if (text === null) return source
  for (const [key, value] of Object.entries(parseObject(text, path))) {
    const keys = Object.keys(known).filter(candidate => candidate !== 'config')
    if (!keys.includes(key)) throw unknownWord('key', key, keys, ` in ${path}`)
    const option = table[key]
    if (!option) continue
    const parts = Array.isArray(value) && option.kind.isList ? value : [value]
    if (!parts.every(part => ['string', 'number', 'boolean'].includes(typeof part))) {
      throw new UsageError(`${path}: ${key} is not ${option.kind.expected}`)
    }
    values[key] = readText(option, parts.join(','), `${path}: ${key}`, dirname(path), false)
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
  { kind, negated }: Option,
  text: string,
  name: string,
  directory: string,
  byFlag: boolean,
): unknown {
  const value = kind.parse(text, directory)
  if (value === undefined) {
    // A login is a secret: it is not repeated.
    const shown = kind.isSecret ? 'the value' : JSON.stringify(text)
    throw new UsageError(`${name}: ${shown} is not ${kind.expected}`)
  }
  return negated && byFlag ? !value : value
}

/** The error for a word that is not among those that are known. `rest` is said where none of them is near. */
export function unknownWord(
  what: string,
  word: string,
  known: readonly string[],
  rest: string,
): UsageError {
  const near = closest(word, known)
  return new UsageError(`unknown ${what} ${word}${near ? `; did you mean ${near}?` : rest}`)
}
