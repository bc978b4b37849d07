/** A matcher or search that cannot be read: the client's fault, told with the place. */
export class QueryError extends Error {
  override readonly name = 'QueryError'
  /** The matcher key at fault, such as `q` or `subject`. */
  readonly parameter: string
  /** Index of the character in `q` at which the fault was met. */
  readonly position: number | undefined

  constructor(message: string, parameter: string, position?: number) {
    super(message)
    this.parameter = parameter
    this.position = position
  }
}

/** A matcher names an inbox that there is not, or not any more. */
export class UnknownInboxError extends Error {
  override readonly name = 'UnknownInboxError'
  readonly id: string

  constructor(id: string) {
    super(`there is no inbox ${id}`)
    this.id = id
  }
}
