import assert from 'node:assert/strict'
import { type Command, commandTagOf, parseCommand } from '../../../server/imap/command.ts'
import { announcesMessage, parseNextMessage } from '../../../server/imap/commands/append.ts'
import { type FetchItem, parseFetchItems } from '../../../server/imap/commands/fetch/items.ts'
import { printSection } from '../../../server/imap/commands/fetch/section.ts'
import { ImapError, ImapSyntaxError } from '../../../server/imap/errors.ts'
import { listPattern } from '../../../server/imap/list-pattern.ts'
import {
  CommandReader,
  LIMITS_BEFORE_LOGIN,
  limitsAfterLogin,
  type ReadCommand,
} from '../../../server/imap/syntax/command-reader.ts'
import type { CommandText } from '../../../server/imap/syntax/command-text.ts'
import { printDateTime, readDateTime } from '../../../server/imap/syntax/date-time.ts'
import { printMailboxName, readMailboxName } from '../../../server/imap/syntax/mailbox-name.ts'
import { Parser } from '../../../server/imap/syntax/parser.ts'
import { printAstring } from '../../../server/imap/syntax/print.ts'
import {
  LAST,
  type NumberRange,
  positionsOfSequenceNumbers,
  readSequenceSet,
  type SequenceSet,
} from '../../../server/imap/syntax/sequence-set.ts'
import { MemorySocket, segmentsOf } from '../../helpers/memory-socket.ts'
import type { Random } from '../../helpers/random.ts'
import { ImapGrammar } from '../imap-grammar.ts'
import { IMAP_WORDS } from '../imap-words.ts'
import type { Target } from '../target.ts'
import { breakStream, cutsOf, randomOf } from '../wire.ts'

/** Octets of a message, so that some are over it. */
const MESSAGE = 4_096
const LIMITS = [LIMITS_BEFORE_LOGIN, limitsAfterLogin(MESSAGE)] as const

/** What was made of one command. */
type Outcome = {
  readonly read: ReadCommand
  readonly refused: string | null
  readonly command: Command | null
  /** Octets of each message of APPEND that was taken. */
  readonly messages: readonly string[]
}

export const target: Target = {
  name: 'imap-command',

  make(random: Random): Uint8Array {
    const grammar = new ImapGrammar(random)
    const commands = Array.from({ length: random.pick([1, 1, 2, 4]) }, () => grammar.command())
    return breakStream(random, commands.join(''), IMAP_WORDS)
  },

  async check(input: Uint8Array): Promise<void> {
    const { isUtf8, limits } = settingsOf(input)
    const whole = await readAll([input], limits, isUtf8)
    const cut = await readAll(segmentsOf(input, cutsOf(input)), limits, isUtf8)
    assert.deepEqual(cut, whole, 'the segments matter')
    for (const outcome of whole.outcomes) {
      checkLimits(outcome, limits)
      if (outcome.command) checkCommand(outcome.command)
    }
  },
}

/** How the stream is taken. */
const settingsOf = (input: Uint8Array) => {
  const random = randomOf(input)
  return { isUtf8: random.chance(0.5), limits: LIMITS[random.chance(0.25) ? 0 : 1] }
}

async function readAll(
  segments: Iterable<Uint8Array>,
  limits: (typeof LIMITS)[number],
  isUtf8: boolean,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly continuations: number }> {
  let continuations = 0
  const source = new MemorySocket(segments)
  const reader = new CommandReader(source, {
    limits,
    announcesMessage,
    onContinue: () => continuations++,
  })
  const outcomes: Outcome[] = []
  for (;;) {
    const read = await reader.readCommand()
    if (!read) break
    const outcome = await outcomeOf(reader, read, isUtf8)
    outcomes.push(outcome)
    if (outcome.read.refusal?.condition === 'BYE') break
  }
  reader.detach()
  source.destroy()
  return { outcomes, continuations }
}

/** Parses it, and takes or declines its messages, as a session does. */
async function outcomeOf(
  reader: CommandReader,
  first: ReadCommand,
  isUtf8: boolean,
): Promise<Outcome> {
  commandTagOf(first)
  let read = first
  let command: Command | null = null
  const messages: string[] = []
  try {
    if (read.refusal) throw read.refusal
    command = parseCommand(read, { isUtf8 })
    if (command.name === 'APPEND') {
      for (let next: ReturnType<typeof parseNextMessage> = command.args.message; next; ) {
        const octets: Buffer[] = []
        const pending = read
        read = { ...read, message: null }
        const after = await reader.takeMessage(
          pending,
          chunk => void octets.push(Buffer.from(chunk)),
        )
        if (!after) break
        read = after
        if (read.refusal) throw read.refusal
        messages.push(Buffer.concat(octets).toString('latin1'))
        assert.equal(messages.at(-1)?.length, next.size)
        next = parseNextMessage(read, next)
      }
    }
    return { read, command, messages, refused: null }
  } catch (error) {
    if (!(error instanceof ImapError)) throw error
    checkRefusal(error, read)
    if (read.message) read = (await reader.refuseMessage(read, error)) ?? { ...read, message: null }
    return { read, command: null, messages, refused: error.response }
  }
}

function checkRefusal(error: ImapError, { text }: CommandText): void {
  assert.match(error.response, /^[\x20-\x7e]+$/, 'what is answered is printable')
  if (error instanceof ImapSyntaxError) {
    assert.ok(error.position >= 0 && error.position <= text.length, 'the place is in the command')
  }
}

function checkLimits({ read }: Outcome, limits: (typeof LIMITS)[number]): void {
  // One more than the limit, since it may be the CR.
  assert.ok(read.text.length <= limits.line + 1, 'the line is within its limit')
  let sum = 0
  let before = 0
  for (const { start, end, octets, size } of read.literals) {
    assert.ok(start >= before && end <= read.text.length, 'literals are in order, in the text')
    before = end
    if (octets) assert.equal(octets.length, size)
    sum += octets?.length ?? 0
  }
  assert.ok(sum <= limits.literals, 'literals are within their limit')
}

/** What was read is read again from what is printed of it. */
function checkCommand(command: Command): void {
  const { args } = command
  if (args === null) return
  if ('set' in args) checkSet(args.set)
  if ('mailbox' in args && typeof args.mailbox === 'string') checkMailbox(args.mailbox)
  if ('items' in args && command.name.endsWith('FETCH')) {
    for (const item of args.items as readonly FetchItem[]) checkItem(item)
  }
  if (command.name === 'LIST') for (const pattern of command.args.patterns) checkPattern(pattern)
  if (command.name === 'APPEND' && command.args.message.internalDate !== null) {
    checkDate(command.args.message.internalDate)
  }
}

function checkSet(set: SequenceSet): void {
  if (set.kind === 'saved') return
  let before = 0
  for (const { first, last } of set.ranges) {
    assert.ok(first <= last && first > before && first >= 1, 'ranges ascend')
    before = last === LAST ? last : last + 1
  }
  const printed = set.ranges.map(printRange).join(',')
  assert.deepEqual(readSequenceSet(printed)?.set, set, printed)
  let at = 0
  for (const { start, end } of positionsOfSequenceNumbers(set.ranges, 10)) {
    assert.ok(start >= at && start < end && end <= 10, 'positions ascend')
    at = end
  }
}

const printRange = ({ first, last }: NumberRange): string =>
  first === last ? print(first) : `${print(first)}:${print(last)}`
const print = (number: number): string => (number === LAST ? '*' : `${number}`)

function checkMailbox(name: string): void {
  for (const isUtf8 of [true, false]) {
    const printed = printMailboxName(name, isUtf8)
    if (!isUtf8) assert.match(printed, /^[\x20-\x7e]*$/)
    assert.equal(readMailboxName(printed, isUtf8), name)
    assert.equal(readString(printAstring(printed, isUtf8)), printed)
  }
}

/** A string as a client would send it back. */
function readString(printed: string): string {
  const octets = Buffer.from(printed).toString('latin1')
  const [head = ''] = /^\{\d+\}\r\n/.exec(octets) ?? []
  if (head === '') return new Parser({ text: octets, literals: [] }).astring()
  const body = Buffer.from(octets.slice(head.length), 'latin1')
  const text = head.slice(0, -2)
  const literal = { start: 0, end: text.length, size: body.length, isBinary: false, octets: body }
  return new Parser({ text, literals: [{ ...literal, isSynchronising: true }] }).astring()
}

function checkItem(item: FetchItem): void {
  if (item.name !== 'BODY[]' || 'names' in item.section.text) return
  const partial = item.partial ? `<${item.partial.offset}.${item.partial.length}>` : ''
  if (item.partial && !Number.isSafeInteger(item.partial.offset + item.partial.length)) return
  const text = `BODY${item.isPeek ? '.PEEK' : ''}[${printSection(item.section)}]${partial}`
  assert.deepEqual(parseFetchItems(new Parser({ text, literals: [] })), [item], text)
}

/** Against the other way to say it, of patterns whose other way is quick. */
function checkPattern(pattern: string): void {
  const matches = listPattern(pattern)
  if (pattern.length > 60 || (pattern.match(/[*%]/g)?.length ?? 0) > 3) {
    for (const name of [...NAMES, LONG_NAME]) matches(name)
    return
  }
  const source = pattern
    .replace(/^inbox(?=[/*%]|$)/i, 'INBOX')
    .replace(/[\\^$.+?()[\]{}|]/g, '\\$&')
    .replaceAll('*', '[\\s\\S]*')
    .replaceAll('%', '[^/]*')
  for (const name of NAMES) {
    const isMatch = new RegExp(`^${source}$`, name === 'INBOX' ? 'i' : '').test(name)
    assert.equal(matches(name), isMatch, `${JSON.stringify(pattern)} and ${name}`)
  }
}
const NAMES = ['INBOX', 'INBOX/x', 'Archive', 'a/b/c', 'é', '*', `${'n'.repeat(300)}/x`, 'x.y']
/** It costs the other way too much. */
const LONG_NAME = `${'a'.repeat(1_000)}/${'%a'.repeat(400)}`

function checkDate(milliseconds: number): void {
  assert.ok(Number.isSafeInteger(milliseconds))
  const year = new Date(milliseconds).getUTCFullYear()
  if (year < 0 || year > 9999) return
  assert.equal(readDateTime(printDateTime(milliseconds)), milliseconds)
}
