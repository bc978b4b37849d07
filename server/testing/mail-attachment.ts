import type { Attachment } from '../http/resources.ts'
import type { Api } from './api.ts'

/** A file that came with a mail. */
export class MailAttachment {
  readonly name: string
  readonly contentType: string
  /** Octets, decoded. */
  readonly size: number
  /** Of the decoded octets, in hex. */
  readonly sha256: string
  /** Its Content-ID, null where it has none. */
  readonly cid: string | null
  /** Whether the HTML shows it in place. */
  readonly isInline: boolean
  readonly #api: Api
  readonly #path: string

  /** @internal */
  constructor(api: Api, id: number, attachment: Attachment) {
    this.name = attachment.name
    this.contentType = attachment.contentType
    this.size = attachment.size
    this.sha256 = attachment.sha256
    this.cid = attachment.cid
    this.isInline = attachment.inline
    this.#api = api
    this.#path = `v1/messages/${id}/parts/${attachment.part}`
  }

  /** What is in it, decoded. */
  bytes(): Promise<Uint8Array> {
    return this.#api.octets(this.#path)
  }

  /** The same as text, which must be UTF-8. */
  async text(): Promise<string> {
    return new TextDecoder('utf-8', { fatal: true }).decode(await this.bytes())
  }
}
