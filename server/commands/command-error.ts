/** Why a command cannot go on: a code for programs, a sentence with the remedy for people, the exit code. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly code: string
  readonly exitCode: 1 | 3

  constructor(code: string, message: string, options: ErrorOptions & { exitCode?: 1 | 3 } = {}) {
    super(message, options)
    this.code = code
    this.exitCode = options.exitCode ?? 1
  }
}
