/** Messages that one transaction of the store changes at a time: it holds the event loop for all of them. */
const SIZE = 1_000

/** The messages of a command in pieces, each of them for one transaction. */
export function* pieces(uids: readonly number[]): Generator<readonly number[]> {
  for (let at = 0; at < uids.length; at += SIZE) yield uids.slice(at, at + SIZE)
}
