#!/usr/bin/env node
import { readCommandLine } from './command-line.ts'
import { jsonLine } from './json-line.ts'
import { exit } from './lifetime.ts'
import { createLog } from './log.ts'
import { UsageError } from './options.ts'
import { commandHelp, helpText } from './settings.ts'
import { version } from './version.ts'

// Whoever read our output may have gone (`| head`): what cannot be printed is not worth dying for.
process.stdout.on('error', () => {})
process.stderr.on('error', () => {})

try {
  const command = readCommandLine(process.argv.slice(2))
  if (command.run === 'help') {
    process.stdout.write(command.command ? commandHelp(command.command) : helpText(version))
  } else if (command.run === 'version') {
    process.stdout.write(`${version}\n`)
  } else if (command.run === 'command') {
    const { runCommand } = await import('./commands/run.ts')
    exit(await runCommand(command))
  } else {
    const { serve } = await import('./serve.ts')
    await serve(command.options, command.warnings)
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  const { message } = error
  if (process.argv.includes('--json')) {
    process.stdout.write(jsonLine({ type: 'error', code: 'MAILCATCH_USAGE', message }))
  }
  createLog('normal').error(message)
  exit(2)
}
