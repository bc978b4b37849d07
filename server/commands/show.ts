import type { CommandCall, showOptions } from '../commands.ts'
import type { Address, MessageDetail } from '../http/resources.ts'
import { UsageError } from '../options.ts'
import { CommandError } from './command-error.ts'
import { inLocalTime } from './list.ts'
import { openRunning } from './open-running.ts'
import type { Client } from './server-target.ts'
import { oneLine } from './terminal-text.ts'
import { matcherOf } from './which-messages.ts'

/** `mailcatch show`: one message, as a person reads it or as it is. */
export async function showMail({
  operands,
  options,
  report,
}: CommandCall<typeof showOptions>): Promise<0 | 1> {
  const [id, more] = operands
  if (id === undefined) throw new UsageError('show which message? its number, or latest')
  if (more !== undefined) throw new UsageError(`one message at a time; what is ${more}?`)
  if (id !== 'latest' && !/^[1-9]\d{0,9}$/.test(id)) {
    throw new UsageError(`${id} is no number of a message, nor latest`)
  }
  const forms = [options.html && '--html', options.raw && '--raw', options.json && '--json']
  const [form, other] = forms.filter(said => said !== false)
  if (other !== undefined) throw new UsageError(`${form} and ${other} contradict each other`)
  const matcher = matcherOf(options, [])
  if (id !== 'latest' && matcher.size > 0) {
    throw new UsageError(`--${[...matcher.keys()][0]} goes with latest, not with a number`)
  }
  const client = await openRunning(options)
  try {
    const message = (await client.json('GET', `v1/messages/${id}?${matcher}`)) as MessageDetail
    if (options.json) report.line({ type: 'message', ...message })
    else if (options.raw) await report.octets(await octetsOf(client, message, 'raw'))
    else if (options.html) report.text(htmlOf(message))
    else report.text(`${headOf(message)}\n\n${await textOf(client, message)}`)
    return 0
  } finally {
    client.close()
  }
}

async function octetsOf(
  client: Client,
  { id }: MessageDetail,
  what: 'raw' | 'text',
): Promise<AsyncIterable<Uint8Array>> {
  const octets = await client.octets(`v1/messages/${id}/${what}`)
  if (octets) return octets
  throw new CommandError('MAILCATCH_GONE', `message ${id} was deleted just now`)
}

function htmlOf({ id, html }: MessageDetail): string {
  if (html !== null) return html
  throw new CommandError('MAILCATCH_NO_HTML', `message ${id} has no HTML`)
}

async function textOf(client: Client, message: MessageDetail): Promise<string> {
  if (message.text !== null) return message.text
  if (message.html === null) return '(no text)'
  const chunks: Uint8Array[] = []
  for await (const chunk of await octetsOf(client, message, 'text')) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/** What there is to know besides the text, a line each. */
function headOf(message: MessageDetail): string {
  const { envelope, attachments, reception, codes, links } = message
  const action = links.find(({ kind }) => kind === 'action')
  const lines: [name: string, value: string][] = [
    [
      'Message',
      `${message.id}, received ${inLocalTime(message.receivedAt)}, ${message.size} octets`,
    ],
    ['From', inOne(message.from)],
    ['To', inOne(message.to)],
    ['Cc', inOne(message.cc)],
    ['Reply-To', inOne(message.replyTo)],
    ['Subject', message.subject],
    ['Date', message.date === null ? '' : inLocalTime(message.date)],
    ['Envelope', `<${envelope.mailFrom}> to ${envelope.rcptTo.map(to => `<${to}>`).join(' ')}`],
    ['Inbox', (reception.inboxes ?? []).join(', ')],
    ['Tags', message.tags.join(', ')],
    ['Code', codes.map(({ value }) => value).join(', ')],
    ['Link', action?.href ?? ''],
    ['Attached', attachments.map(({ name, size }) => `${name} (${size} octets)`).join(', ')],
  ]
  return lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${`${name}:`.padEnd(10)}${oneLine(value)}`)
    .join('\n')
}

const inOne = (addresses: readonly Address[]): string =>
  addresses.map(({ name, address }) => (name === '' ? address : `${name} <${address}>`)).join(', ')
