/** How many stored messages are read at a time. */
const readsAtATime = 8

/**
 * Tells what of a source is in the inbox already. Messages are the same if their octets are; a stored one stands for one
 * of the source, so that what is twice in the source comes to be twice in the inbox. Only stored messages of a size that
 * comes up are read, and each of them once.
 */
export class KnownMail {
  /** Ids of messages that were not read yet, by size. */
  readonly #unread = new Map<number, number[]>()
  /** Ids of the others that stand for nothing yet, by digest. */
  readonly #byDigest = new Map<string, number[]>()
  readonly #digest: (id: number) => Promise<string | null>

  /** @param digest SHA-256 of a stored message, null where it is gone */
  constructor(
    stored: Iterable<{ readonly id: number; readonly size: number }>,
    digest: (id: number) => Promise<string | null>,
  ) {
    for (const { id, size } of stored) append(this.#unread, size, id)
    this.#digest = digest
  }

  /** The stored message that stands for this one; null where there is none left. */
  async take(size: number, digest: string): Promise<number | null> {
    const ids = this.#unread.get(size) ?? []
    this.#unread.delete(size)
    for (let at = 0; at < ids.length; at += readsAtATime) {
      const some = ids.slice(at, at + readsAtATime)
      const digests = await Promise.all(some.map(this.#digest))
      for (const [index, found] of digests.entries()) {
        if (found !== null) append(this.#byDigest, found, some[index] as number)
      }
    }
    return this.#byDigest.get(digest)?.shift() ?? null
  }
}

function append<K>(lists: Map<K, number[]>, key: K, id: number): void {
  const list = lists.get(key)
  if (list) list.push(id)
  else lists.set(key, [id])
}
