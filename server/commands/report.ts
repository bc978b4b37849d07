import { jsonLine } from '../json-line.ts'
import { createLog } from '../log.ts'
import { Progress, type Terminal } from './progress.ts'

/** What a command says: how far it is, what went wrong, what came of it. */
export type Report = {
  /** From here on `advance` counts for this. `of`: octets in all, null where nobody knows. */
  begin(verb: string, of: number | null): void
  advance(octets: number, messages: number): void
  /** What the person should know although all goes on. */
  warn(text: string): void
  /** What could not be done. `code` is for programs. */
  problem(code: string, text: string, cause?: unknown): void
  /** What came of it, as an object for programs and a sentence for people. */
  result(line: { readonly type: string } & Readonly<Record<string, unknown>>, text: string): void
}

/**
 * Answers go to standard output, everything else to standard error; the progress is shown there if a person looks at it.
 */
export function createReport(
  options: { readonly json: boolean; readonly quiet: boolean; readonly verbose: boolean },
  stdout: Terminal = process.stdout,
  stderr: Terminal = process.stderr,
): Report {
  const log = createLog(options.quiet ? 'quiet' : options.verbose ? 'verbose' : 'normal', line =>
    stderr.write(line),
  )
  const { CI, TERM } = process.env
  const isWatched =
    stderr.isTTY === true && !CI && TERM !== 'dumb' && !options.json && !options.quiet
  const progress = isWatched ? new Progress(stderr) : null
  let position = { verb: '', octets: 0, of: null as number | null, messages: 0 }
  return {
    begin(verb, of) {
      position = { verb, octets: 0, of, messages: 0 }
    },
    advance(octets, messages) {
      position.octets += octets
      position.messages += messages
      progress?.show(position)
    },
    warn(text) {
      progress?.clear()
      log.warn(text)
    },
    problem(code, message, cause) {
      progress?.clear()
      if (options.json) stdout.write(jsonLine({ type: 'error', code, message }))
      log.error(message, options.verbose ? cause : undefined)
    },
    result(line, text) {
      progress?.clear()
      if (options.json) stdout.write(jsonLine(line))
      else if (!options.quiet) stdout.write(`${text}\n`)
    },
  }
}
