import { type ContentSource, readContent } from '../../server/mime/content.ts'
import { ContentError } from '../../server/mime/content-reader.ts'
import type { Reader } from '../../server/store/contents.ts'
import { readerHere } from './reader-here.ts'

/**
 * Reads messages on this thread, but those that hold `HELD` not before `release`; the parser refuses those that hold `BROKEN`.
 * Its store must be in memory.
 */
export function gatedReader(): Reader & { release(): void; held(): Promise<void> } {
  const reader = readerHere()
  let release = () => {}
  let hold = () => {}
  const gate = new Promise<void>(resolve => {
    release = resolve
  })
  const holding = new Promise<void>(resolve => {
    hold = resolve
  })
  const read = async (source: ContentSource) => {
    const raw = Buffer.from('bytes' in source ? source.bytes : '').toString('latin1')
    if (raw.includes('HELD')) {
      hold()
      await gate
    }
    if (raw.includes('BROKEN')) throw new ContentError('refused', 'broken on purpose')
    return readContent(Buffer.from(raw, 'latin1'))
  }
  return {
    ...reader,
    read,
    close: async () => {
      release()
      await reader.close()
    },
    release: () => release(),
    held: () => holding,
  }
}
