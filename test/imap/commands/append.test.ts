import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCommand } from '../../../server/imap/command.ts'
import { announcesMessage, parseNextMessage } from '../../../server/imap/commands/append.ts'
import { ImapSyntaxError } from '../../../server/imap/errors.ts'
import { announcedLiteral, type CommandText } from '../../../server/imap/syntax/command-text.ts'
import { commandText } from '../../helpers/command-text.ts'

const append = (sent: string) => {
  const command = parseCommand(commandText(sent))
  assert.ok(command.name === 'APPEND')
  return command.args
}

test('every literal but the mailbox is a message', () => {
  for (const text of ['a APPEND box ', 'a append box (\\Seen) ', 'a APPEND {3} ', 'a Append x ~']) {
    assert.equal(announcesMessage(text), true, text)
  }
  for (const text of ['a APPEND ', 'a APPENDS x ', 'a LOGIN APPEND ', ' append x', 'APPEND a b']) {
    assert.equal(announcesMessage(text), false, text)
  }
})

test('what comes before a message is read', () => {
  assert.deepEqual(append('a APPEND box {310}'), {
    mailbox: 'box',
    message: {
      flags: [],
      internalDate: null,
      size: 310,
      isBinary: false,
      isUtf8: false,
      end: 18,
    },
  })
  const { mailbox, message } = append(
    'a append {3+}\r\nbox (\\seen $Foo) "17-Jul-1996 02:44:25 -0700" ~{0+}',
  )
  assert.equal(mailbox, 'box')
  assert.deepEqual(message.flags, ['\\Seen', '$Foo'])
  assert.equal(message.internalDate, Date.parse('1996-07-17T09:44:25Z'))
  assert.deepEqual([message.size, message.isBinary, message.isUtf8], [0, true, false])
  assert.equal(append('a APPEND box UTF8 (~{9}').message.isUtf8, true)
})

test('what is not as the grammar has it is refused', () => {
  const wrong = [
    'a APPEND',
    'a APPEND box',
    'a APPEND box "message"',
    'a APPEND box message',
    'a APPEND box (\\Seen) x {5}',
    'a APPEND box (\\Recent) {5}',
    'a APPEND box \\Seen {5}',
    'a APPEND box "31-Feb-1996 02:44:25 -0700" {5}',
    'a APPEND box "17-Jul-1996 02:44:25 -0700" (\\Seen) {5}',
    'a APPEND box UTF8 {5}',
    'a APPEND box  {5}',
    // Messages are never read before they are known to be one.
    'a APPEND box {1}\r\nx',
  ]
  for (const sent of wrong) assert.throws(() => append(sent), ImapSyntaxError, sent)
})

test('more messages follow, until the command ends', () => {
  let text: CommandText = { text: '', literals: [] }
  /** As the reader goes on. */
  const goOn = (line: string) => {
    const literal = announcedLiteral(line, text.text.length)
    text = {
      text: text.text + line,
      literals: literal ? [...text.literals, literal] : text.literals,
    }
  }
  goOn('a APPEND box (\\Seen) {3}')
  const command = parseCommand(text)
  assert.ok(command.name === 'APPEND')
  const first = command.args.message

  const before = text
  goOn(' (\\Flagged) "17-Jul-1996 02:44:25 -0700" UTF8 (~{5}')
  const second = parseNextMessage(text, first)
  assert.deepEqual(second?.flags, ['\\Flagged'])
  assert.deepEqual([second?.size, second?.isUtf8], [5, true])
  assert.ok(second)

  goOn(') {7}')
  const third = parseNextMessage(text, second)
  assert.deepEqual([third?.size, third?.flags], [7, []])
  assert.ok(third)
  assert.equal(parseNextMessage(text, third), null)

  for (const line of [')', ' ', ' x', '{5}', ' (\\Seen)', ' box {5}']) {
    text = before
    goOn(line)
    assert.throws(() => parseNextMessage(text, first), ImapSyntaxError, line)
  }
  assert.throws(() => parseNextMessage({ ...text, text: before.text }, { ...first, isUtf8: true }))
})
