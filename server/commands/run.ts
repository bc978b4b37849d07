import type { Command } from '../command-line.ts'
import { abortOnSignal } from '../lifetime.ts'
import { UsageError } from '../options.ts'
import { CommandError } from './command-error.ts'
import { createReport } from './report.ts'

/** Runs a sub-command. Resolves with the exit code; whatever goes wrong is told. */
export async function runCommand({
  command,
  operands,
  letters,
  options,
  warnings,
}: Command & { readonly run: 'command' }): Promise<number> {
  const report = createReport({
    json: options.json === true,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
  })
  for (const warning of warnings) report.warn(warning)
  const signal = abortOnSignal()
  try {
    const action = await command.load()
    return await action({ operands, letters, options, report, signal })
  } catch (error) {
    const { code, message, exitCode } = explain(error, command.name)
    report.problem(code, message, error)
    return exitCode
  }
}

function explain(error: unknown, name: string) {
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof CommandError) return { code: error.code, message, exitCode: error.exitCode }
  if (error instanceof UsageError) return { code: 'MAILCATCH_USAGE', message, exitCode: 2 }
  return { code: 'MAILCATCH_FAILED', message: `cannot ${name}: ${message}`, exitCode: 1 }
}
