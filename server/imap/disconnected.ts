/** The client is gone: what is under way for it ends here. */
export class Disconnected extends Error {
  override readonly name = 'Disconnected'

  constructor() {
    super('the client is gone')
  }
}
