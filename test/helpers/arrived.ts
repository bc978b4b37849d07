import { type Address, getText } from './round-trip.ts'

/** What the list says of a message. */
export type Summary = {
  readonly id: number
  readonly subject: string
  readonly rcptTo: readonly string[]
}

/** What has arrived for a recipient, the newest first; `*` stands for anything. */
export async function mailsTo(address: Address, recipient: string): Promise<readonly Summary[]> {
  const query = new URLSearchParams({ rcpt: recipient, limit: '1000' })
  const list = await getText(address, `v1/messages?${query}`)
  return (JSON.parse(list) as { messages: readonly Summary[] }).messages
}
