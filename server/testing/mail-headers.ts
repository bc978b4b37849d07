/** The header fields of a mail, decoded, in order. Names are the same whatever their case. */
export class MailHeaders {
  readonly #fields: readonly (readonly [name: string, value: string])[]

  constructor(fields: readonly { readonly name: string; readonly value: string }[]) {
    this.#fields = fields.map(({ name, value }) => [name, value])
  }

  /** The first field of that name, undefined where there is none. */
  get(name: string): string | undefined {
    return this.all(name)[0]
  }

  /** Every field of that name. */
  all(name: string): readonly string[] {
    const wanted = name.toLowerCase()
    return this.#fields.filter(([key]) => key.toLowerCase() === wanted).map(([, value]) => value)
  }

  has(name: string): boolean {
    return this.get(name) !== undefined
  }

  /** Pairs of name and value. */
  [Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    return this.#fields.values()
  }
}
