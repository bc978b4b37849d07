import type { Reception } from './message.ts'
import { StoreError } from './store-error.ts'

/** Line 1 of a raw file: how the message came to us, and when (milliseconds since 1970). */
export type RawHead = Reception & { readonly receivedAt: number }

const field = 'X-Mailcatch: '
/** What line 1 may have of octets, whatever the way in. Longer ones that an earlier version wrote are read. */
const maxHeadLength = 1024 * 1024
/** What the recipients may take up of it: the rest has room for all else that a client says, escaped. */
export const maxRecipientOctets = 272 * 1024

/** JSON of ASCII alone: an 8-bit address must not make the line 8-bit. */
const ascii = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )

/** What a value takes up in line 1. Octets. */
export const headOctets = (value: unknown): number => ascii(value).length

/** The length of line 1 takes up so many characters, whatever it is. */
const width = 7

/**
 * Writes line 1. It names its own length in octets, padded so that the line is as long whatever the time is: a
 * message that is streamed to its file gets its final line 1 when its last octet is in. Throws a StoreError `too-big`
 * where it would be longer than it may be.
 */
export const writeRawHead = (head: RawHead): Buffer => {
  const { receivedAt, ...reception } = head
  const before = `${field}{"v":1,"length":`
  const after = `,"receivedAt":"${new Date(receivedAt).toISOString()}",${ascii(reception).slice(1)}\r\n`
  const length = before.length + width + after.length
  if (length > maxHeadLength) {
    throw new StoreError('too-big', `an envelope has at most ${maxHeadLength} octets`)
  }
  return Buffer.from(`${before}${String(length).padStart(width)}${after}`, 'latin1')
}

/** Reads line 1 from octets that have all of it; null where it is none of ours. */
const readRawHead = (bytes: Buffer): { head: RawHead; length: number } | null => {
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

/** So much of a file has most line 1s whole, and the length of any. */
const usual = 4 * 1024

/**
 * Reads line 1 of a file of so many octets, all of it that it says there is; null where it is none of ours: the file is
 * foreign. `read` resolves with the octets up to a place.
 */
export const findRawHead = async (
  size: number,
  read: (end: number) => Promise<Buffer>,
): Promise<{ head: RawHead; length: number } | null> => {
  const bytes = await read(Math.min(usual, size))
  const said = /^X-Mailcatch: \{"v":1,"length": *(\d{1,7}),/.exec(bytes.toString('latin1', 0, 64))
  const length = Number(said?.[1] ?? 0)
  return readRawHead(length > bytes.length && length <= size ? await read(length) : bytes)
}
