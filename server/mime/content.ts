/** Where a message lies: a slice of a file, or bytes in memory (`--memory`). */
export type ContentSource =
  | { readonly path: string; readonly start: number }
  | { readonly bytes: Uint8Array }

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

/** Everything that is known of a mail once it is parsed. */
export type Content = {
  /** The text/plain body, null where there is none. */
  readonly text: string | null
  /** The HTML source as it was sent, null where there is none. */
  readonly html: string | null
  /** `text`, or else text made from `html`; `''` where there is neither. */
  readonly plainText: string
  readonly attachments: readonly Attachment[]
  /** The first 200 or so characters that a person would read, on one line. */
  readonly preview: string
  /** Subject, addresses, text and file names, NFKC and lower case, at most 64 KiB of UTF-8. */
  readonly searchText: string
  /** True where `searchText` was cut. */
  readonly searchTextCut: boolean
  /** How many references to outside the HTML holds (images, style sheets, fonts, media). */
  readonly remoteReferences: number
  /** What is wrong with the mail, in words for the app's developer. */
  readonly warnings: readonly string[]
}
