import { readFileSync } from 'node:fs'
import type { ContentSource } from './content.ts'

/** The octets of a message, wherever it lies. Only in a worker: it reads at once. */
export function sourceBytes(source: ContentSource): Buffer {
  if ('path' in source) return readFileSync(source.path).subarray(source.start)
  const { buffer, byteOffset, byteLength } = source.bytes
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The same to be posted to a worker: a view of a larger buffer would take the whole of it along. */
export function sendableSource(source: ContentSource): ContentSource {
  if (!('bytes' in source)) return source
  const { bytes } = source
  return bytes.byteLength === bytes.buffer.byteLength
    ? source
    : { bytes: Uint8Array.prototype.slice.call(bytes) }
}
