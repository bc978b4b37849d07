/** A part that is shown as an attachment, or that an HTML part refers to by `cid:`. */
export type Attachment = {
  /** The MIME part number, for `/v1/messages/{id}/parts/{part}`. */
  readonly part: string
  /** As the sender gave it, decoded: text, never a path. `''` where there is none. */
  readonly name: string
  readonly contentType: string
  /** Octets once decoded. */
  readonly size: number
  /** Of the decoded octets, in hex. */
  readonly sha256: string
  /** Content-ID without its angle brackets, null where there is none. */
  readonly cid: string | null
  /** True for a part that the HTML shows in place. */
  readonly inline: boolean
}
