import { BlockList, isIPv6, type Socket } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8)
LOOPBACK.addAddress('::1', 'ipv6')

/** Whether an address, as a socket tells it, is this machine's own. */
export function isLoopback(address: string): boolean {
  return isIPv6(address) ? LOOPBACK.check(address, 'ipv6') : LOOPBACK.check(address)
}

/**
 * Counts the open connections of all front-ends that share it: so many in all, and so many from one address, which
 * does not hold for loopback, where everybody has the same one.
 */
export class ConnectionLimit {
  readonly #total: number
  readonly #perAddress: number
  #open = 0
  readonly #openByAddress = new Map<string, number>()

  constructor({ total = 3000, perAddress = 100 } = {}) {
    this.#total = total
    this.#perAddress = perAddress
  }

  /** How many connections are open now. */
  get open(): number {
    return this.#open
  }

  /** Counts the socket until it closes. False, and not counted, where it is one too many or gone already. */
  admit(socket: Socket): boolean {
    const address = socket.remoteAddress
    if (address === undefined || this.#open >= this.#total) return false
    if (isLoopback(address)) {
      this.#open++
      socket.once('close', () => this.#open--)
      return true
    }
    const fromAddress = this.#openByAddress.get(address) ?? 0
    if (fromAddress >= this.#perAddress) return false
    this.#open++
    this.#openByAddress.set(address, fromAddress + 1)
    socket.once('close', () => this.#release(address))
    return true
  }

  #release(address: string): void {
    this.#open--
    const left = (this.#openByAddress.get(address) ?? 0) - 1
    if (left > 0) this.#openByAddress.set(address, left)
    else this.#openByAddress.delete(address)
  }
}
