/** Milliseconds. */
const least = 500
const most = 10_000

/**
 * How long to wait before the next try to connect: 0.5 s, doubled up to 10 s, less a random part of up to a
 * half, so that many pages don't come back in one instant.
 * @param tries how many tries have failed, from 1
 * @param random in [0, 1)
 */
export const backoff = (tries: number, random: number): number => {
  const wait = Math.min(most, least * 2 ** Math.max(0, tries - 1))
  return Math.max(least, Math.round(wait * (1 - random / 2)))
}
