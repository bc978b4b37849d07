import type { Part } from '../../../mime/structure.ts'
import { holdsMessage } from '../../../mime/structure.ts'
import type { MailStore } from '../../../store/mail-store.ts'
import type { Message } from '../../../store/message.ts'
import { printBodyStructure } from './body-structure.ts'
import { type Description, descriptionsOf } from './descriptions.ts'
import { printEnvelope } from './envelope.ts'
import { type MessageSource, SMALL } from './message-source.ts'

/** What is remembered of a message, in the form for such a session. */
export function rememberedOf(store: MailStore, { id }: Message, isUtf8: boolean): Description {
  return descriptionsOf(store).get(keyOf(id, isUtf8))
}

function keyOf(id: number, isUtf8: boolean): number {
  return isUtf8 ? -id : id
}

/** A message whose header and structure are read when they are asked for, and what comes of it remembered. */
export class Described {
  readonly source: MessageSource
  readonly #store: MailStore
  readonly #message: Message
  readonly #isUtf8: boolean
  #structure: Promise<Part> | null = null

  constructor(store: MailStore, message: Message, source: MessageSource, isUtf8: boolean) {
    this.source = source
    this.#store = store
    this.#message = message
    this.#isUtf8 = isUtf8
  }

  /** The tree of parts. */
  structure(): Promise<Part> {
    this.#structure ??= this.#readStructure()
    return this.#structure
  }

  async envelope(): Promise<string> {
    const known = rememberedOf(this.#store, this.#message, this.#isUtf8).envelope
    if (known !== null) return known
    const bodyStart = await this.source.bodyStart()
    const header = await this.source.headerOf({ start: 0, bodyStart })
    const envelope = printEnvelope(header, this.#isUtf8)
    this.#remember({ envelope })
    return envelope
  }

  /** Extended: BODYSTRUCTURE; else BODY. */
  async bodyStructure(isExtended: boolean): Promise<string> {
    const remembered = rememberedOf(this.#store, this.#message, this.#isUtf8)
    const known = isExtended ? remembered.bodyStructure : remembered.body
    if (known !== null) return known
    const structure = await this.structure()
    const envelopes = await this.#nestedEnvelopes(structure)
    const isUtf8 = this.#isUtf8
    const envelopeOf = (message: Part) => envelopes.get(message) as string
    const text = printBodyStructure(structure, { isExtended, isUtf8, envelopeOf })
    this.#remember(isExtended ? { bodyStructure: text } : { body: text })
    return text
  }

  async #readStructure(): Promise<Part> {
    const isLarge = this.source.size > SMALL
    const known = isLarge && rememberedOf(this.#store, this.#message, false).structure
    if (known) return known
    const structure = await this.source.structure()
    if (isLarge) descriptionsOf(this.#store).add(keyOf(this.#message.id, false), { structure })
    return structure
  }

  /** Those of the messages in the message. */
  async #nestedEnvelopes(root: Part): Promise<ReadonlyMap<Part, string>> {
    const envelopes = new Map<Part, string>()
    const read = async (part: Part): Promise<void> => {
      for (const child of part.parts) {
        if (holdsMessage(part)) {
          const header = await this.source.headerOf(child)
          envelopes.set(child, printEnvelope(header, this.#isUtf8))
        }
        await read(child)
      }
    }
    await read(root)
    return envelopes
  }

  #remember(found: Partial<Description>): void {
    descriptionsOf(this.#store).add(keyOf(this.#message.id, this.#isUtf8), found)
  }
}
