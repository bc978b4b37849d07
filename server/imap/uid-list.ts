/** Room that a list is given for UIDs to come. */
const SPARE = 64

/** What lists have in common that grew out of one another: `used` of the room holds UIDs. */
type Room = { readonly uids: Uint32Array; used: number }

/**
 * Ascending UIDs, each once. A list never changes; what is added to it, or taken out, makes another one. Lists that
 * differ by what was added at their end share their memory, so that many sessions on one mailbox cost little more than
 * one, whichever of them has heard of the newest messages.
 */
export class UidList {
  static readonly empty = new UidList({ uids: new Uint32Array(0), used: 0 }, 0)
  readonly length: number
  readonly #room: Room
  /** What `without` made last: many sessions are told the same. */
  #last: { readonly gone: readonly number[]; readonly left: UidList } | null = null

  private constructor(room: Room, length: number) {
    this.#room = room
    this.length = length
  }

  /** Of ascending UIDs. */
  static of(uids: ArrayLike<number>): UidList {
    const room = { uids: new Uint32Array(uids.length + SPARE), used: uids.length }
    room.uids.set(uids)
    return new UidList(room, uids.length)
  }

  /** All of them, to be read only. */
  get uids(): Uint32Array {
    return this.#room.uids.subarray(0, this.length)
  }

  /** The UID at a position, from 0. */
  at(position: number): number | undefined {
    return position < this.length ? this.#room.uids[position] : undefined
  }

  get last(): number {
    return this.at(this.length - 1) ?? 0
  }

  /** Where a UID stands, from 0; -1 where it is not. */
  indexOf(uid: number): number {
    const at = this.firstFrom(uid)
    return this.at(at) === uid ? at : -1
  }

  /** The first position that holds this UID or a larger one. */
  firstFrom(uid: number): number {
    const { uids } = this.#room
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((uids[middle] as number) < uid) low = middle + 1
      else high = middle
    }
    return low
  }

  /** With ascending UIDs behind the last one. */
  append(added: readonly number[]): UidList {
    if (added.length === 0) return this
    const length = this.length + added.length
    const room = this.#roomFor(added)
    return new UidList(room, length)
  }

  /** Without those of the ascending UIDs that are there. */
  without(gone: readonly number[]): UidList {
    const last = this.#last
    const isSame =
      last?.gone.length === gone.length && gone.every((uid, at) => last.gone[at] === uid)
    if (last && isSame) return last.left
    const left = this.#without(gone)
    this.#last = { gone, left }
    return left
  }

  #without(gone: readonly number[]): UidList {
    const { uids } = this
    const left = new Uint32Array(this.length + SPARE)
    let length = 0
    let from = 0
    for (const uid of gone) {
      const at = this.indexOf(uid)
      if (at < from) continue
      left.set(uids.subarray(from, at), length)
      length += at - from
      from = at + 1
    }
    if (from === 0) return this
    left.set(uids.subarray(from), length)
    length += this.length - from
    return new UidList({ uids: left, used: length }, length)
  }

  #roomFor(added: readonly number[]): Room {
    const room = this.#room
    const length = this.length + added.length
    // Another session may have put them there already.
    const known = Math.min(room.used - this.length, added.length)
    const isShared = added.slice(0, known).every((uid, at) => room.uids[this.length + at] === uid)
    if (isShared && length <= room.uids.length) {
      room.uids.set(added.slice(known), this.length + known)
      room.used = Math.max(room.used, length)
      return room
    }
    const uids = new Uint32Array(length + Math.max(SPARE, length >>> 2))
    uids.set(this.uids)
    uids.set(added, this.length)
    return { uids, used: length }
  }
}
