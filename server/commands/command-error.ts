/** 1 failed, 3 somebody has the data directory, 4 timed out, 5 it is otherwise than was asserted. */
type ExitCode = 1 | 3 | 4 | 5

/** Why a command cannot go on: a code for programs, a sentence with the remedy for people, the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: string
  readonly exitCode: ExitCode

  constructor(code: string, message: string, options: ErrorOptions & { exitCode?: ExitCode } = {}) {
    super(message, options)
    this.code = code
    this.exitCode = options.exitCode ?? 1
  }
}
