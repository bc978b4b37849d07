/** Milliseconds that commands may hold the event loop, all of them together, before others get their turn. */
const PATIENCE = 10

/** When commands began to use this round of the event loop; null where none has. */
let began: number | null = null
const waiting: (() => void)[] = []

/** Whether this round of the event loop has been used for long enough, by whichever session. */
export function isTurnOver(): boolean {
  const now = performance.now()
  if (began !== null) return now - began > PATIENCE
  began = now
  setImmediate(endRound)
  return false
}

/**
 * Waits for a round of the event loop of one's own. Whoever waits gets one after the other, so that a hundred sessions
 * with much to do hold it no longer at a time than one.
 */
export function nextTurn(): Promise<void> {
  return new Promise(resolve => {
    if (waiting.push(resolve) === 1) setImmediate(takeTurn)
  })
}

function endRound(): void {
  began = null
}

function takeTurn(): void {
  const resolve = waiting.shift()
  began = performance.now()
  setImmediate(waiting.length > 0 ? takeTurn : endRound)
  resolve?.()
}
