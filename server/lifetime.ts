import type { Log } from './log.ts'

const FAULT_INTERVAL = 1000
const FLUSH_PATIENCE = 5000

/** What a signal's number adds to 128 in the exit code of a process that it ended. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const

export type Lifetime = {
  /** Ends the process as the first signal does: closes, then exits 0. */
  end(): void
  /** The same, as if that signal had come: a second one ends the process at once. */
  signal(name: keyof typeof SIGNALS): void
}

/**
 * Governs how the process ends. The first SIGINT, SIGTERM or SIGHUP closes and exits 0, a second one exits at once.
 * An error that nobody caught is logged and the process lives; a second one within a second exits 1 after closing.
 *
 * @param close ends everything; it is called once
 */
export function governLifetime(close: () => Promise<void>, log: Log): Lifetime {
  let isEnding = false
  let lastFault = Number.NEGATIVE_INFINITY

  const endWith = async (code: number) => {
    isEnding = true
    try {
      await close()
    } catch (error) {
      log.error('could not close properly', error)
      code = 1
    }
    exit(code)
  }
  const signal = (name: keyof typeof SIGNALS) => {
    if (isEnding) process.exit(128 + SIGNALS[name])
    void endWith(0)
  }
  const fault = (error: unknown) => {
    log.error('unexpected', error)
    const now = performance.now()
    const isSecond = now - lastFault < FAULT_INTERVAL
    lastFault = now
    if (!isSecond || isEnding) return
    log.error('two unexpected errors within a second: stopping')
    setTimeout(exit, FLUSH_PATIENCE, 1)
    void endWith(1)
  }

  for (const name of Object.keys(SIGNALS) as (keyof typeof SIGNALS)[]) {
    process.on(name, () => signal(name))
  }
  process.on('uncaughtException', fault)
  process.on('unhandledRejection', fault)
  return {
    end: () => {
      if (!isEnding) void endWith(0)
    },
    signal,
  }
}

/** For a command that ends by itself: the first signal aborts what it answers, a second one ends the process at once. */
export function abortOnSignal(): AbortSignal {
  const controller = new AbortController()
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(128 + number)
      controller.abort()
    })
  }
  return controller.signal
}

/** Exits once what was printed has been taken. */
export function exit(code: number): void {
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}
