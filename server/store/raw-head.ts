import type { Reception } from './message.ts'

/** Line 1 of a raw file: how the message came to us, and when (milliseconds since 1970). */
export type RawHead = Reception & { readonly receivedAt: number }

const field = 'X-Mailcatch: '
/** A file without line 1, or with one that cannot be read, is foreign. A longer one is none of ours. */
export const maxHeadLength = 512 * 1024

/** JSON of ASCII alone: an 8-bit address must not make the line 8-bit. */
const ascii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** The length of line 1 takes up so many characters, whatever it is. */
const width = 7

/**
 * Writes line 1. It names its own length in octets, padded so that the line is as long whatever the time is: a
 * message that is streamed to its file gets its final line 1 when its last octet is in.
 */
export const writeRawHead = (head: RawHead): Buffer => {
  const { receivedAt, ...reception } = head
  const before = `${field}{"v":1,"length":`
  const after = `,"receivedAt":"${new Date(receivedAt).toISOString()}",${ascii(reception).slice(1)}\r\n`
  const length = before.length + width + after.length
  return Buffer.from(`${before}${String(length).padStart(width)}${after}`, 'latin1')
}

/** Reads line 1 from the first octets of a raw file; null where it is none of ours. */
export const readRawHead = (bytes: Buffer): { head: RawHead; length: number } | null => {
  if (bytes.toString('latin1', 0, field.length) !== field) return null
  const end = bytes.indexOf('\r\n')
  if (end < 0) return null
  try {
    const { v, length, receivedAt, ...reception } = JSON.parse(
      bytes.toString('latin1', field.length, end),
    ) as Reception & { v: number; length: number; receivedAt: string }
    const time = Date.parse(receivedAt)
    if (v !== 1 || length !== end + 2 || Number.isNaN(time)) return null
    if (!Array.isArray(reception.envelope?.rcptTo)) return null
    return { head: { ...reception, receivedAt: time }, length }
  } catch {
    return null
  }
}
