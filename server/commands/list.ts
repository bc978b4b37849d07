import type { CommandCall, listOptions } from '../commands.ts'
import type { Address, MessageList, MessageSummary } from '../http/resources.ts'
import { openRunning } from './open-running.ts'
import { inWords } from './progress.ts'
import { columnsOf, oneLine, toColumns } from './terminal-text.ts'
import { matcherOf } from './which-messages.ts'

/** What the API gives at once. */
const most = 1_000

/** `mailcatch list`: the newest messages that match, as a table. */
export async function listMail({
  operands,
  options,
  report,
}: CommandCall<typeof listOptions>): Promise<0 | 1> {
  const client = await openRunning(options)
  try {
    const parameters = matcherOf(options, operands)
    const messages: MessageSummary[] = []
    let total = 0
    while (messages.length < options.limit) {
      const limit = Math.min(options.limit - messages.length, most)
      parameters.set('limit', `${limit}`)
      const last = messages.at(-1)
      if (last) parameters.set('before', `${last.id}`)
      const list = (await client.json('GET', `v1/messages?${parameters}`)) as MessageList
      if (!last) total = list.total
      messages.push(...list.messages)
      if (list.messages.length < limit) break
    }
    if (options.json) for (const message of messages) report.line({ type: 'message', ...message })
    else report.text(tableOf(messages, total, process.stdout.isTTY ? process.stdout.columns : null))
    return 0
  } finally {
    client.close()
  }
}

const titles = ['ID', 'RECEIVED', 'FROM', 'TO', 'SUBJECT'] as const
/** Columns of the terminal: an address is cut, the subject has what is left. */
const widest = 28

/** `width` in columns; null cuts nothing, for another program reads it. */
export function tableOf(
  messages: readonly MessageSummary[],
  total: number,
  width: number | null,
): string {
  if (messages.length === 0) return 'no message'
  const rows = messages.map(message => [
    `${message.id}`,
    inLocalTime(message.receivedAt),
    namesOf(message.from),
    oneLine(message.rcptTo.join(', ')) || namesOf(message.to),
    oneLine(message.subject),
  ])
  const lengths = titles.map((title, at) => {
    const longest = Math.max(title.length, ...rows.map(row => columnsOf(row[at] ?? '')))
    return width === null || at < 2 ? longest : Math.min(longest, widest)
  })
  const before = lengths.slice(0, -1).reduce((sum, length) => sum + length + 2, 0)
  const last = width === null ? Number.POSITIVE_INFINITY : Math.max(10, width - before)
  const lines = [titles, ...rows].map(row => {
    const cells = row
      .slice(0, -1)
      .map((cell, at) =>
        at === 0 ? cell.padStart(lengths[0] ?? 0) : toColumns(cell, lengths[at] ?? 0),
      )
    const subject = row.at(-1) ?? ''
    const end = last === Number.POSITIVE_INFINITY ? subject : toColumns(subject, last).trimEnd()
    return [...cells, end].join('  ').trimEnd()
  })
  const more = total - messages.length
  return more > 0
    ? [...lines, `and ${inWords(more)} more; --limit shows them`].join('\n')
    : lines.join('\n')
}

const namesOf = (addresses: readonly Address[]): string =>
  oneLine(addresses.map(({ name, address }) => name || address).join(', '))

/** `2026-11-22 03:14:15`, as the clock of this machine has it. */
export function inLocalTime(iso: string): string {
  const date = new Date(iso)
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 19).replace('T', ' ')
}
