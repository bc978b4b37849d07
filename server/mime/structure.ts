/** One node of the MIME tree: byte ranges over the raw message, never copies of it. */
export type Part = {
  /**
   * The IMAP section number (RFC 9051 §6.4.5.1): `''` for the message itself, `'1'`, `'1.2'` … for the
   * parts of a multipart. The single body of a message that is no multipart is the part `'1'`
   * (as is that of a nested message/rfc822: `'2.1'`).
   */
  readonly number: string
  /** First octet of the part's header. */
  readonly start: number
  /** First octet of the body: just after the empty line. */
  readonly bodyStart: number
  /** Just past the last octet of the body; the line end before a delimiter belongs to the delimiter. */
  readonly end: number
  /** `type/subtype`, in lower case; `text/plain` where the field is missing or broken (RFC 2045 §5.2). */
  readonly type: string
  /** Parameters of Content-Type by lower-case name, decoded (RFC 2231). */
  readonly parameters: ReadonlyMap<string, string>
  /** Content-Transfer-Encoding in lower case, `7bit` where there is none. */
  readonly encoding: string
  /** Content-Disposition in lower case (`inline`, `attachment`), null where there is none. */
  readonly disposition: string | null
  readonly dispositionParameters: ReadonlyMap<string, string>
  /** Content-ID with its angle brackets, null where there is none. */
  readonly id: string | null
  readonly description: string | null
  readonly language: string | null
  readonly location: string | null
  readonly md5: string | null
  /** Number of lines of the body (BODYSTRUCTURE wants it of text and message/rfc822). */
  readonly lines: number
  /** Children of a multipart, the one nested message of a message/rfc822, else empty. */
  readonly parts: readonly Part[]
}
