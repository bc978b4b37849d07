/**
 * UIDs are the server's own, so each is called by its order: `u3` is the third message that its mailbox ever had in a
 * dialogue. The names of both servers are the same where they speak of the same message.
 */
export class UidNames {
  readonly #uids = new Map<string, number[]>()

  /** Names UIDs in this order, those that are known already keep theirs. */
  learn(mailbox: string, uids: readonly number[]): void {
    const known = this.#of(mailbox)
    for (const uid of uids) if (!known.includes(uid)) known.push(uid)
  }

  /** The names of UIDs, learnt where they are new. */
  call(mailbox: string, uids: readonly number[]): readonly string[] {
    this.learn(mailbox, uids)
    const known = this.#of(mailbox)
    return uids.map(uid => `u${known.indexOf(uid) + 1}`)
  }

  /** Puts the UIDs of a mailbox in the places of `%1`, `%2` … */
  fill(command: string, mailbox: string | undefined): string {
    const known = mailbox === undefined ? [] : this.#of(mailbox)
    return command.replace(/%(\d+)/g, (_, index) => String(known[Number(index) - 1] ?? 999_999))
  }

  #of(mailbox: string): number[] {
    const known = this.#uids.get(mailbox) ?? []
    this.#uids.set(mailbox, known)
    return known
  }
}

const MOST = 100_000

/** Every number of a set such as `4,7:9`. */
export const expand = (set: string): readonly number[] =>
  set.split(',').flatMap(range => {
    const [first = 0, last = first] = range.split(':').map(Number)
    const [low, high] = [Math.min(first, last), Math.max(first, last)]
    if (high - low > MOST) throw new Error(`${set}: more than anybody has here`)
    return Array.from({ length: high - low + 1 }, (_, index) => low + index)
  })
