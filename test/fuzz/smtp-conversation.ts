import assert from 'node:assert/strict'

/** Octets of a command, without its end. */
const MAX_LINE = 12_400

/** Octets of a line of a reply, without its end. */
const MAX_REPLY = 510

/** A session, as it went, and what is stored of it. */
export type Played = {
  readonly sent: string
  readonly mails: readonly { readonly raw: string; readonly rcptTo: readonly string[] }[]
}

const REPLY = /^[2-5]\d\d(?: (?:[245]\.\d{1,3}\.\d{1,3} )?[\x20-\x7e]*)?$/

/**
 * Holds the replies against a reading of the stream that knows nothing but RFC 5321: one reply to each line, of legal form;
 * one to each message, which only CRLF.CRLF ends; and stored is exactly what was acknowledged.
 */
export function checkConversation(
  said: string,
  maxMessageSize: number,
  { sent, mails }: Played,
): void {
  const replies = repliesOf(sent)
  assert.match(replies.shift() ?? '', /^220 /)
  const stored: string[] = []
  const counts: number[] = []
  let recipients = 0
  let at = 0
  let isOver = false
  while (!isOver) {
    assert.ok(replies.length > 0, 'no reply, and no end')
    const { line, next } = lineAt(said, at)
    at = next
    const reply = replies.shift() ?? ''
    const code = reply.slice(0, 3)
    isOver = code === '421' || code === '221'
    if (isOver) break
    assert.ok(line.length <= MAX_LINE, 'a line that is too long')
    const verb = line.split(' ', 1)[0]?.toUpperCase()
    if (verb === 'RCPT' && code === '250') recipients++
    else if (['MAIL', 'RSET', 'EHLO', 'HELO'].includes(verb ?? '') && code === '250') recipients = 0
    if (code !== '354') continue
    assert.equal(verb, 'DATA')
    const data = dataAt(said, at)
    at = data.next
    const answer = replies.shift() ?? ''
    if (answer.startsWith('250 ')) {
      assert.ok(recipients > 0, 'a message for nobody')
      stored.push(data.content)
      counts.push(recipients)
    } else {
      assert.match(answer, /^552 5\.3\.4 /)
      assert.ok(data.content.length > maxMessageSize, 'it is not too large')
      // So much of it that nobody read to its end.
      isOver = replies.length === 0
    }
    recipients = 0
  }
  assert.deepEqual(replies, [], 'a reply to nothing')
  assert.deepEqual(
    mails.map(({ raw }) => raw),
    stored,
    'what is stored',
  )
  assert.deepEqual(
    mails.map(({ rcptTo }) => rcptTo.length),
    counts,
    'for how many',
  )
}

/** Each with its last line, of which all have the same code (RFC 5321 §4.2.1). */
function repliesOf(sent: string): string[] {
  assert.ok(sent.endsWith('\r\n'))
  const replies: string[] = []
  let code: string | null = null
  for (const line of sent.slice(0, -2).split('\r\n')) {
    const isLast = line[3] !== '-'
    assert.match(isLast ? line : line.replace('-', ' '), REPLY)
    assert.ok(line.length <= MAX_REPLY, 'RFC 5321 §4.5.3.1.5')
    if (code !== null) assert.equal(line.slice(0, 3), code)
    code = isLast ? null : line.slice(0, 3)
    if (isLast) replies.push(line)
  }
  assert.equal(code, null, 'a reply that does not end')
  return replies
}

function lineAt(said: string, at: number): { readonly line: string; readonly next: number } {
  const end = said.indexOf('\n', at)
  // Longer than a line may be, and answered before it ends.
  if (end === -1) return { line: said.slice(at), next: said.length }
  return { line: said.slice(at, said[end - 1] === '\r' ? end - 1 : end), next: end + 1 }
}

/**
 * A message (RFC 5321 §4.5.2). As smtp-server has it, a dot is doubled behind a bare LF too, but for one at the very
 * beginning, and one that is not doubled is kept.
 */
function dataAt(said: string, at: number): { readonly content: string; readonly next: number } {
  if (said.startsWith('.\r\n', at)) return { content: '', next: at + 3 }
  const end = said.indexOf('\r\n.\r\n', at)
  const data = said.slice(at, end + 2)
  const kept = data.startsWith('\n') ? 1 : 0
  const content =
    data.slice(0, kept) +
    data
      .slice(kept)
      .replace(/^\.\./, kept ? '..' : '.')
      .replaceAll('\n..', '\n.')
  return { content, next: end + 5 }
}
