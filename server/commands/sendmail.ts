import type { Letter } from '../command-letters.ts'
import type { CommandCall, sendmailOptions } from '../commands.ts'
import { readAddressList } from '../mime/address-list.ts'
import { readHeader } from '../mime/header.ts'
import { UsageError } from '../options.ts'
import { openRunning } from './open-running.ts'
import { readStandardInput } from './standard-input.ts'

/** Fields that name recipients, for `-t`. */
const RECIPIENTS: ReadonlySet<string> = new Set(['to', 'cc', 'bcc'])

/**
 * `mailcatch sendmail`: in the place of /usr/sbin/sendmail, for apps that pipe their mail into a program (PHP's `mail()`,
 * cron, git). Hands the message to a running Mailcatch.
 */
export async function sendmail({
  operands,
  letters = [],
  options,
  report,
  signal,
}: CommandCall<typeof sendmailOptions>): Promise<0 | 1> {
  const { takesFields, isDotText, mailFrom } = readLetters(letters)
  if (!takesFields && operands.length === 0) {
    throw new UsageError('name a recipient, or take those of the message with -t')
  }
  const client = await openRunning(options)
  try {
    const { limits } = await client.stats()
    const input = await readStandardInput('the message', {
      longest: limits.maxMessageSize,
      signal,
    })
    const message = withLineEnds(isDotText ? input : untilDot(input))
    const { recipients, octets } = takesFields
      ? takeRecipients(message)
      : { recipients: [], octets: message }
    const rcpt = [...new Set([...operands.flatMap(splitAddresses), ...recipients])]
    if (rcpt.length === 0) throw new UsageError('the message names no recipient')
    // A thousand of them have no room in a URL.
    const lines = Buffer.from(rcpt.map(address => `${address}\n`).join(''))
    const query = new URLSearchParams({ rcptOctets: `${lines.length}` })
    if (mailFrom !== null) query.set('mailFrom', mailFrom === '' ? '<>' : mailFrom)
    if (octets.length === 0) query.set('empty', '1')
    const response = await client.ask('POST', `v1/messages?${query}`, {
      type: 'message/rfc822',
      size: lines.length + octets.length,
      octets: (async function* () {
        yield lines
        yield octets
      })(),
    })
    const { id } = (await client.read(response)) as { id: number }
    const url = `${client.name}m/${id}`
    // A program that pipes mail expects silence.
    if (options.json) report.result({ type: 'sent', id, url }, '')
    return 0
  } finally {
    client.close()
  }
}

/** What the flags say, of which each sendmail has others: those that mean nothing here are taken and left alone. */
function readLetters(letters: readonly Letter[]) {
  let takesFields = false
  let isDotText = false
  let mailFrom: string | null = null
  for (const { letter, value } of letters) {
    if (letter === 't') takesFields = true
    else if (letter === 'i' || (letter === 'o' && value === 'i')) isDotText = true
    else if (letter === 'f' || letter === 'r') mailFrom = value.replace(/^<(.*)>$/, '$1')
    else if (letter === 'b' && value !== 'm') {
      throw new UsageError(`-b${value} is not for Mailcatch: it takes a message (-bm)`)
    }
  }
  return { takesFields, isDotText, mailFrom }
}

/** Without `-i` a line of a single dot ends the message. */
function untilDot(input: Buffer): Buffer {
  const dot = /^\.\r?$/m.exec(input.toString('latin1'))
  return dot ? input.subarray(0, dot.index) : input
}

/** Programs write the line ends of their system; mail has CRLF (RFC 5322 §2.1). */
function withLineEnds(input: Buffer): Buffer {
  return Buffer.from(input.toString('latin1').replaceAll(/\r?\n/g, '\r\n'), 'latin1')
}

/** The recipients that the header names; the Bcc fields go, as they are for nobody's eyes (RFC 5322 §3.6.3). */
function takeRecipients(message: Buffer): { recipients: readonly string[]; octets: Buffer } {
  const { fields } = readHeader(message)
  const recipients = fields
    .filter(({ name }) => RECIPIENTS.has(name.toLowerCase()))
    .flatMap(({ text }) => splitAddresses(text))
  const kept: Buffer[] = []
  let at = 0
  for (const { name, start, end } of fields) {
    if (name.toLowerCase() !== 'bcc') continue
    kept.push(message.subarray(at, start))
    at = end
  }
  kept.push(message.subarray(at))
  return { recipients, octets: Buffer.concat(kept) }
}

const splitAddresses = (text: string): readonly string[] =>
  readAddressList(text).flatMap(({ address }) => (address ? [address] : []))
