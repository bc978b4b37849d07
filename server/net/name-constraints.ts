import type { X509Certificate } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'

/**
 * What an authority may vouch for (RFC 5280 §4.2.1.10): these names, the names below them, and these addresses.
 * Whoever steals its key can impersonate nothing else.
 *
 * @returns the DER of the NameConstraints extension's value
 */
export function encodeNameConstraints(names: readonly string[]): Buffer {
  return tlv(0x30, tlv(0xa0, Buffer.concat(names.map(encodeSubtree))))
}

/** Whether the authority's constraints name this host name or address. */
export function permitsName(authority: X509Certificate, name: string): boolean {
  // DER has one encoding for one value, so the octets of the subtree prove it.
  return authority.raw.includes(encodeSubtree(name))
}

function encodeSubtree(name: string): Buffer {
  if (isIP(name) === 0) return tlv(0x30, tlv(0x82, Buffer.from(name, 'latin1')))
  const address = isIPv4(name) ? Buffer.from(name.split('.').map(Number)) : encodeIPv6(name)
  const mask = Buffer.alloc(address.length, 0xff)
  return tlv(0x30, tlv(0x87, Buffer.concat([address, mask])))
}

function encodeIPv6(address: string): Buffer {
  // The URL parser writes every form, a dotted quad at the end too, as hexadecimal groups.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  const octets = Buffer.alloc(16)
  for (const [index, group] of [...before, ...zeros, ...after].entries()) {
    octets.writeUInt16BE(Number.parseInt(group, 16), index * 2)
  }
  return octets
}

/** Tag, length and value (X.690 §8.1). */
function tlv(tag: number, value: Buffer): Buffer {
  const { length } = value
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), value])
  const octets = length < 0x100 ? [length] : [length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, 0x80 | octets.length, ...octets]), value])
}
