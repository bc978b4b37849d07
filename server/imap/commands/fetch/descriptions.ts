import type { Part } from '../../../mime/structure.ts'
import type { MailStore } from '../../../store/mail-store.ts'

/** What was read in a message, as it goes out; null for what was not asked for. */
export type Description = {
  readonly envelope: string | null
  readonly body: string | null
  readonly bodyStructure: string | null
  /** Of a message that takes time to read. */
  readonly structure: Part | null
}

const NOTHING: Description = { envelope: null, body: null, bodyStructure: null, structure: null }

/** Octets of memory, about. */
const LIMIT = 32 * 1024 * 1024
/** An entry's own, and those of a part. */
const ENTRY = 200
const PART = 800
/** What was used so lately stays: else to walk through more messages than there is room for would keep none of them. */
const YOUNG = 30_000

type Kept = { readonly description: Description; readonly octets: number; usedAt: number }

/** The last used descriptions of messages: a client asks for all of them again whenever it starts. */
export class Descriptions {
  readonly #limit: number
  readonly #now: () => number
  /** The last used at the end. */
  readonly #kept = new Map<number, Kept>()
  #octets = 0

  constructor({ limit = LIMIT, now = () => performance.now() } = {}) {
    this.#limit = limit
    this.#now = now
  }

  /** Octets of memory that they take, about. */
  get octets(): number {
    return this.#octets
  }

  get(key: number): Description {
    const kept = this.#kept.get(key)
    if (!kept) return NOTHING
    this.#kept.delete(key)
    this.#kept.set(key, kept)
    kept.usedAt = this.#now()
    return kept.description
  }

  /** Adds to what is known of a message. */
  add(key: number, found: { readonly [K in keyof Description]?: Description[K] }): void {
    const description = { ...this.get(key), ...found }
    const octets = octetsOf(description)
    this.#remove(key)
    // What a large message is made of is worth more than a line of a list: each piece of it needs it again.
    const isDear = description.structure !== null
    if (octets > this.#limit / 8 || !this.#makeRoom(octets, isDear)) return
    this.#kept.set(key, { description, octets, usedAt: this.#now() })
    this.#octets += octets
  }

  #makeRoom(octets: number, isDear: boolean): boolean {
    for (const [key, { usedAt }] of this.#kept) {
      if (this.#octets + octets <= this.#limit) break
      if (!isDear && this.#now() - usedAt < YOUNG) return false
      this.#remove(key)
    }
    return true
  }

  #remove(key: number): void {
    this.#octets -= this.#kept.get(key)?.octets ?? 0
    this.#kept.delete(key)
  }
}

function octetsOf({ envelope, body, bodyStructure, structure }: Description): number {
  const text = (envelope?.length ?? 0) + (body?.length ?? 0) + (bodyStructure?.length ?? 0)
  return ENTRY + text + (structure ? PART * countParts(structure) : 0)
}

function countParts(part: Part): number {
  return part.parts.reduce((sum, child) => sum + countParts(child), 1)
}

const ofStores = new WeakMap<MailStore, Descriptions>()

/** Those of a store, for all its sessions. */
export function descriptionsOf(store: MailStore): Descriptions {
  let descriptions = ofStores.get(store)
  if (!descriptions) {
    descriptions = new Descriptions()
    ofStores.set(store, descriptions)
  }
  return descriptions
}
