import { once } from 'node:events'
import { jsonLine } from '../json-line.ts'
import { createLog } from '../log.ts'
import { Progress, type Terminal } from './progress.ts'
import { manyLines } from './terminal-text.ts'

/** What a command says: how far it is, what went wrong, what came of it. */
export type Report = {
  /** From here on `advance` counts for this. `of`: octets in all, null where nobody knows. */
  begin(verb: string, of: number | null): void
  advance(octets: number, messages: number): void
  /** What the person should know although all goes on. */
  warn(text: string): void
  /** What could not be done. `code` is for programs. */
  problem(code: string, text: string, cause?: unknown): void
  /** An answer for programs. */
  line(line: { readonly type: string } & Readonly<Record<string, unknown>>): void
  /** An answer for people, printed however quiet the command is; on a terminal only what that shows, and does not obey. */
  text(text: string): void
  /** An answer that is no text: as it is, or what can be seen of it where a terminal would obey it. */
  octets(octets: AsyncIterable<Uint8Array>): Promise<void>
  /** What came of it, as an object for programs and a sentence for people. */
  result(line: { readonly type: string } & Readonly<Record<string, unknown>>, text: string): void
}

type Output = Omit<Terminal, 'write'> & { write(text: string | Uint8Array): unknown }

/**
 * Answers go to standard output, everything else to standard error; the progress is shown there if a person looks at it.
 */
export function createReport(
  options: { readonly json: boolean; readonly quiet: boolean; readonly verbose: boolean },
  stdout: Output = process.stdout,
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
    line(line) {
      progress?.clear()
      stdout.write(jsonLine(line))
    },
    text(text) {
      progress?.clear()
      const shown = stdout.isTTY ? manyLines(text) : text
      stdout.write(`${shown.replace(/\n$/, '')}\n`)
    },
    async octets(octets) {
      progress?.clear()
      const decoder = new TextDecoder()
      for await (const chunk of octets) {
        const shown = stdout.isTTY ? manyLines(decoder.decode(chunk, { stream: true })) : chunk
        if (stdout.write(shown) === false) await once(process.stdout, 'drain')
      }
    },
    result(line, text) {
      progress?.clear()
      if (options.json) stdout.write(jsonLine(line))
      else if (!options.quiet) stdout.write(`${text}\n`)
    },
  }
}
