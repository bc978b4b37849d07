export type Library = typeof import('../../../server/testing/index.ts')

/** What a process of the stress test says, a line of JSON each: of each test or round, and at its end. */
export type Told =
  | { readonly at: number; readonly flake?: string }
  /** Milliseconds. */
  | { readonly slowest: number }

export const tell = (told: Told): void => {
  process.stdout.write(`${JSON.stringify(told)}\n`)
}

/** Plays one, and tells what came of it. */
export async function played(at: number, play: () => Promise<void>): Promise<void> {
  try {
    await play()
    tell({ at })
  } catch (error) {
    tell({ at, flake: String((error as Error).stack) })
  }
}

/** Plays rounds until this process is told to end. */
export async function playRounds(play: (at: number) => Promise<void>): Promise<void> {
  let isOver = false
  process.once('SIGTERM', () => {
    isOver = true
  })
  let slowest = 0
  for (let at = 0; !isOver; at++) {
    const start = performance.now()
    await played(at, () => play(at))
    slowest = Math.max(slowest, performance.now() - start)
  }
  tell({ slowest })
}
