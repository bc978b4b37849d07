import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { run } from '../../helpers/program.ts'

const PATIENCE = 30_000

/** A terminal with a program in it, whose screen can be read and whose keys can be pressed. */
export class Terminal implements AsyncDisposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mailcatch-terminal-'))

  /** Starts the program in a terminal of 120 columns and 40 rows. */
  static async open(command: readonly string[], env: NodeJS.ProcessEnv): Promise<Terminal> {
    const terminal = new Terminal()
    const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
    await terminal.#tmux(
      ...['-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '40', ...variables],
      ...['-e', 'TERM=screen', '-e', 'LANG=C.UTF-8', '--', ...command],
    )
    return terminal
  }

  async screen(): Promise<string> {
    return this.#tmux('capture-pane', '-p')
  }

  /** Presses keys: a character, or a name of tmux's such as `Enter`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux('send-keys', ...keys)
  }

  /** Types text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux('send-keys', '-l', text)
  }

  /** The screen, as soon as it matches all; it is asked again and again, since a screen tells nobody that it changed. */
  async shows(...patterns: readonly RegExp[]): Promise<string> {
    const tooLate = Date.now() + PATIENCE
    for (;;) {
      const screen = await this.screen()
      if (patterns.every(pattern => pattern.test(screen))) return screen
      if (Date.now() > tooLate)
        throw new Error(`it never showed ${patterns.join(', ')}:\n${screen}`)
      await wait(30)
    }
  }

  /** Resolves when the program has ended. */
  async ended(): Promise<void> {
    const tooLate = Date.now() + PATIENCE
    for (;;) {
      const screen = await this.screen().catch(() => undefined)
      if (screen === undefined) return
      if (Date.now() > tooLate) throw new Error(`it does not end:\n${screen}`)
      await wait(30)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It is gone already where the program has ended.
    await this.#tmux('kill-server').catch(() => {})
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    return (await run('tmux', ['-S', join(this.#folder, 'socket'), ...args])).stdout
  }
}
