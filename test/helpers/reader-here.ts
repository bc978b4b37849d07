import { readFileSync } from 'node:fs'
import { type ContentSource, readContent, readHtmlDocument } from '../../server/mime/content.ts'
import { ContentError } from '../../server/mime/content-reader.ts'
import { readExtract } from '../../server/mime/extract/read-extract.ts'
import { readNestedMessage } from '../../server/mime/nested-message.ts'
import { withFiles } from '../../server/mime/part-files.ts'
import { readPartTree } from '../../server/mime/part-tree.ts'
import { readSelected } from '../../server/mime/select.ts'
import { readStructure } from '../../server/mime/structure.ts'
import type { Reader } from '../../server/store/contents.ts'

// The parser is loaded with its first message: not in the midst of a history that is to go the same way again.
await readContent(Buffer.from('Subject: x\r\n\r\nx\r\n'))

/** Reads messages on this thread: a worker takes longer to start than a store of a few messages lives. */
export const readerHere = (): Reader => {
  let isClosed = false
  const read = async <T>(source: ContentSource, reading: (raw: Buffer) => T | Promise<T>) => {
    const raw =
      'path' in source
        ? readFileSync(source.path).subarray(source.start)
        : Buffer.from(source.bytes)
    let result: T
    try {
      result = await reading(raw)
    } catch (error) {
      throw new ContentError('refused', (error as Error).message)
    }
    if (isClosed) throw new ContentError('closed', 'the reader is closed')
    return result
  }
  return {
    read: source => read(source, readContent),
    extract: source => read(source, readExtract),
    html: (source, view) => read(source, raw => readHtmlDocument(raw, view)),
    structure: source => read(source, raw => withFiles(raw, readStructure(raw))),
    parts: source => read(source, readPartTree),
    nested: (source, part) => read(source, raw => readNestedMessage(raw, part)),
    selectIn: (source, css) => read(source, raw => readSelected(raw, css)),
    close: async () => {
      isClosed = true
    },
  }
}
