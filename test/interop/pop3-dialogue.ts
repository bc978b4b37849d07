import type { MailServer } from '../helpers/mail-server.ts'
import { type Exchange, Line } from './differential.ts'

/** Answers of more than one line (RFC 1939 §3): LIST and UIDL only without a number. */
const MULTI_LINE = /^(?:RETR .*|TOP .*|CAPA.*|LIST\s*|UIDL\s*)$/i

/** The session as the user of the dialogue, `{user}` in its commands. A new one begins with each `RECONNECT`. */
export async function playPop3(
  server: MailServer,
  user: string,
  commands: readonly string[],
): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = []
  let line = await Line.open(server.ports.pop3)
  await greeting(line)
  for (const command of commands) {
    if (command === 'RECONNECT') {
      line.destroy()
      line = await Line.open(server.ports.pop3)
      exchanges.push({ command, answer: [await greeting(line)] })
      continue
    }
    line.write(`${command.replaceAll('{user}', user)}\r\n`)
    const isMultiLine = MULTI_LINE.test(command)
    const text = await line.read(received => lengthOf(received, isMultiLine))
    exchanges.push({ command, answer: normalise(command, text, line.isOver) })
  }
  line.destroy()
  return exchanges
}

const greeting = async (line: Line) => (await line.read(text => lengthOf(text, false))).slice(0, 3)

function lengthOf(text: string, isMultiLine: boolean): number {
  const first = text.indexOf('\r\n') + 2
  if (first === 1 || !isMultiLine || !text.startsWith('+OK')) return first === 1 ? 0 : first
  // A body without lines is ended by a line of its own right away.
  if (text.startsWith('.\r\n', first)) return first + 3
  const end = text.indexOf('\r\n.\r\n', first)
  return end < 0 ? 0 : end + 5
}

function normalise(command: string, text: string, isOver: boolean): readonly string[] {
  const [first = '', ...lines] = text.split('\r\n').slice(0, -1)
  const status = /^(?:\+OK|-ERR)(?: \[[^\]]*\])?/.exec(first)?.[0] ?? first
  const closed = isOver ? ['(closed)'] : []
  // What follows +OK is free but where it is the answer itself.
  if (status === '+OK' && /^(?:STAT|LIST +\S+|UIDL +\S+)\s*$/i.test(command)) {
    return [withoutUid(command, first), ...closed]
  }
  if (/^CAPA/i.test(command)) return [status, ...lines.sort(), ...closed]
  return [status, ...lines.map(row => withoutUid(command, row)), ...closed]
}

/** The unique-id is the server's own (RFC 1939 §7); only its characters are not. */
const withoutUid = (command: string, row: string) =>
  /^UIDL/i.test(command) ? row.replace(/(\d+) [\x21-\x7e]{1,70}$/, '$1 UID') : row
