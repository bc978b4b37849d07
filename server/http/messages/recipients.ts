import * as z from 'zod'
import { HttpProblem } from '../problem.ts'
import { prepend } from '../stream.ts'

/** An address of an envelope. */
export const envelopeAddress = z
  .string()
  .max(1_000)
  .regex(/^[^\s<>\p{Cc}]+$/u, 'expected an address')

/** As many as SMTP takes of one message. */
export const recipients = z.array(envelopeAddress).min(1).max(1_000)

/** A thousand of 320 octets with their line ends, and more. */
export const mostRecipientOctets = 400_000

/**
 * Takes the recipients off the start of a body: addresses in UTF-8, one a line.
 *
 * @returns them, and what comes behind them
 * @throws HttpProblem 400 where they are none
 */
export async function takeRecipients(
  chunks: AsyncGenerator<Uint8Array>,
  octets: number,
): Promise<{ rcptTo: readonly string[]; rest: AsyncGenerator<Uint8Array> }> {
  const read: Uint8Array[] = []
  let size = 0
  while (size < octets) {
    const { done, value } = await chunks.next()
    if (done) throw refused('the body is shorter')
    read.push(value)
    size += value.length
  }
  const start = Buffer.concat(read)
  const lines = start.toString('utf8', 0, octets).split(/\r?\n/)
  const { data: rcptTo, error } = recipients.safeParse(lines.filter(line => line !== ''))
  if (!rcptTo) throw refused(error.issues[0]?.message ?? '')
  return { rcptTo, rest: prepend(start.subarray(octets), chunks) }
}

const refused = (why: string): HttpProblem =>
  new HttpProblem(400, `rcptOctets: ${why}`, { parameter: 'rcptOctets' })
