/** What a client has switched on for the rest of its connection (RFC 9051 §6.3.1, RFC 7162 §3.1). */
export class Enabled {
  /** It wants mod-sequences, and with them UIDs, in FETCH responses that it did not ask for (RFC 7162 §3.2.4). */
  hasCondstore = false
  /** VANISHED in place of EXPUNGE (RFC 7162 §3.2.3). */
  hasQresync = false
  /** IMAP4rev2: no RECENT, ESEARCH in place of SEARCH. */
  hasRev2 = false
  /** RFC 6855 §3. */
  hasUtf8Accept = false

  /** Strings and mailbox names are UTF-8. */
  get isUtf8(): boolean {
    return this.hasRev2 || this.hasUtf8Accept
  }
}
