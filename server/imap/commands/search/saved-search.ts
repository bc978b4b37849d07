import {
  includesNumber,
  type NumberRange,
  rangesOf,
  type SequenceSet,
} from '../../syntax/sequence-set.ts'

/**
 * What `$` stands for (RFC 9051 §6.4.4.1, RFC 5182 §2.1), one for each session. It holds UIDs, which are never given out
 * twice: an expunged message is out of it as soon as it is out of the client's view. The session clears it with every
 * SELECT and EXAMINE that succeeds.
 */
export class SavedSearch {
  #ranges: readonly NumberRange[] = []

  /** As a set of UIDs without `*`: what a command that is given `$` is about, empty or not. */
  get set(): Extract<SequenceSet, { kind: 'ranges' }> {
    return { kind: 'ranges', ranges: this.#ranges }
  }

  has(uid: number): boolean {
    return includesNumber(this.#ranges, uid, 0)
  }

  save(ascendingUids: Iterable<number>): void {
    this.#ranges = rangesOf(ascendingUids)
  }

  clear(): void {
    this.#ranges = []
  }
}
