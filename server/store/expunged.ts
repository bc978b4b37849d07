import { idsOf, writeIdSet } from './id-set.ts'

/** So many expunged UIDs are known by their mod-sequence, in a mailbox that holds fewer and in one that holds more. */
const least = 100
const most = 10_000

/**
 * The UIDs that were expunged from a mailbox lately, and when (RFC 7162 §3.2.6). About as many as the mailbox holds: to tell
 * of more takes as long as to tell what is there, and there may be very many mailboxes that hold little.
 */
export class Expunged {
  #transactions: { readonly modseq: number; readonly ids: string; readonly count: number }[] = []
  #count = 0
  #floor: number

  /** What was expunged up to this mod-sequence is not known. */
  constructor(floor: number) {
    this.#floor = floor
  }

  /** Ascending UIDs that went in one transaction; `left` is how many the mailbox has now. */
  add(modseq: number, uids: readonly number[], left: number): void {
    const kept = Math.min(Math.max(left, least), most)
    this.#transactions.push({ modseq, ids: writeIdSet(uids), count: uids.length })
    this.#count += uids.length
    if (this.#count < 2 * kept) return
    // Cut in big steps, so that the cost for each is constant.
    let cut = 0
    for (const { modseq, count } of this.#transactions) {
      if (this.#count <= kept) break
      this.#count -= count
      this.#floor = modseq
      cut++
    }
    this.#transactions = this.#transactions.slice(cut)
  }

  /** Ascending UIDs expunged after a mod-sequence; null where that is no longer known. */
  since(modseq: number): number[] | null {
    if (modseq < this.#floor) return null
    const uids: number[] = []
    for (let at = this.#transactions.length - 1; at >= 0; at--) {
      const transaction = this.#transactions[at]
      if (!transaction || transaction.modseq <= modseq) break
      for (const uid of idsOf(transaction.ids)) uids.push(uid)
    }
    return uids.sort((a, b) => a - b)
  }
}
