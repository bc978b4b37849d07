import type { CommandCall, sendOptions } from '../commands.ts'
import { UsageError } from '../options.ts'
import { openRunning } from './open-running.ts'
import { readStandardInput } from './standard-input.ts'

/** Octets of a text from standard input. */
const longest = 10 * 1024 * 1024

/** `mailcatch send`: makes a test mail, and puts it into the inbox of a running Mailcatch. */
export async function sendMail({
  operands,
  options,
  report,
  signal,
}: CommandCall<typeof sendOptions>): Promise<0 | 1> {
  const [operand, more] = operands
  const odd = operand === '-' ? more : operand
  if (odd !== undefined)
    throw new UsageError(`what is ${odd}? - reads the text from standard input`)
  const { to, from, subject, html } = options
  if (operand === '-' && options.text !== null) {
    throw new UsageError('--text and - contradict each other')
  }
  const client = await openRunning(options)
  try {
    const typed =
      operand === '-' ? await readStandardInput('standard input', { longest, signal }) : null
    const given = typed?.toString('utf8') ?? options.text
    const text =
      given ?? (html === null ? 'This is a test mail. It was caught by Mailcatch.\n' : null)
    const { id } = (await client.json('POST', 'v1/messages', {
      from: from ?? 'mailcatch@example.com',
      to: (to ?? 'you@example.com').split(',').map(address => address.trim()),
      subject: subject ?? 'A test mail',
      ...(text !== null && { text }),
      ...(html !== null && { html }),
    })) as { id: number }
    const url = `${client.name}m/${id}`
    report.result({ type: 'sent', id, url }, `sent message ${id}: ${url}`)
    return 0
  } finally {
    client.close()
  }
}
