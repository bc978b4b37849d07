/** A mailbox of a header field, decoded for people (RFC 5322 §3.4). `name` is `''` where there is none. */
export type Address = { readonly name: string; readonly address: string }
