import { readFile } from 'node:fs/promises'
import type { Content, ContentSource } from './content.ts'
import type { Part } from './structure.ts'
export class ContentError extends Error {}
export class ContentReader {
  async read(source: ContentSource, _o: { urgent: boolean }): Promise<Content> {
    const raw =
      'path' in source
        ? (await readFile(source.path)).subarray(source.start)
        : Buffer.from(source.bytes)
    const text = raw.toString('utf8')
    const plainText = text.slice(text.indexOf('\r\n\r\n') + 4)
    return {
      text: plainText,
      html: null,
      plainText,
      attachments: [],
      preview: plainText.slice(0, 100),
      searchText: text.toLowerCase().replace(/\s+/g, ' '),
      searchTextCut: false,
      remoteReferences: 0,
      warnings: [],
    }
  }
  async structure(_s: ContentSource): Promise<Part> {
    throw new Error()
  }
  async html(_s: ContentSource): Promise<string | null> {
    return null
  }
  async close() {}
}
