import { isMbox, type MboxToken, readMbox } from '../../mime/mbox.ts'
import { writeIdSet } from '../../store/id-set.ts'
import { StoreError } from '../../store/store-error.ts'
import { HttpProblem } from '../problem.ts'
import type { Imported } from '../resources.ts'
import { peek } from '../stream.ts'

/** So many refusals are named. */
const mostNamed = 100

/**
 * Takes the messages of an mbox one after the other, in its order. One that is too large is passed over; any other error ends it,
 * and leaves what was taken until then.
 *
 * @param keep stores one message and answers its id
 */
export async function importMbox(
  chunks: AsyncIterable<Uint8Array>,
  keep: (octets: AsyncGenerator<Uint8Array>) => Promise<number>,
): Promise<Imported> {
  const { head, all } = await peek(chunks, 5)
  if (!isMbox(head)) throw new HttpProblem(400, 'The body is no mbox: it must begin with "From ".')
  const ids: number[] = []
  const failed: Imported['failed'][number][] = []
  let failures = 0
  const tokens = readMbox(all)
  for (let message = 1; !(await tokens.next()).done; message++) {
    const octets = new MessageOctets(tokens)
    try {
      ids.push(await keep(octets.read()))
    } catch (error) {
      if (!(error instanceof StoreError && error.code === 'too-big')) throw error
      failures += 1
      if (failed.length < mostNamed) failed.push({ message, reason: error.message })
    }
    await octets.skip()
  }
  return { imported: ids.length, ids: writeIdSet(ids), failed, failures }
}

/** The octets of one message, out of tokens that go on behind it. */
class MessageOctets {
  readonly #tokens: AsyncGenerator<MboxToken>
  #isAtEnd = false

  constructor(tokens: AsyncGenerator<MboxToken>) {
    this.#tokens = tokens
  }

  async *read(): AsyncGenerator<Uint8Array> {
    while (!this.#isAtEnd) {
      const { done, value } = await this.#tokens.next()
      if (done || value === 'end') this.#isAtEnd = true
      else if (value !== 'begin') yield value
    }
  }

  /** Reads what nobody took. */
  async skip(): Promise<void> {
    for await (const _ of this.read());
  }
}
