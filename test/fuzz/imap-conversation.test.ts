import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readResponses } from '../helpers/imap-responses.ts'
import { checkConversation } from './imap-conversation.ts'

// What fuzzers hold servers against must itself see a fault where there is one.

const GREETING = '* OK hello\r\n'
const check = (said: string, sent: string) =>
  checkConversation(said, readResponses(GREETING + sent))

test('a conversation as it is to be', () => {
  check('a NOOP\r\nb NOOP\r\n', 'a OK done\r\nb OK done\r\n')
  check('a LOGIN {3}\r\nann {3+}\r\nany\r\n', '+ OK\r\na OK done\r\n')
  check('a LOGIN {9}\r\nb NOOP\r\n', 'a NO [TOOBIG] no\r\nb OK done\r\n')
  check('a IDLE\r\nDONE\r\nb NOOP\r\n', '+ idling\r\n* 1 EXISTS\r\na OK done\r\nb OK done\r\n')
  check('"\r\n', '* BAD no tag\r\n')
  check('a LOGOUT\r\nb NOOP\r\n', '* BYE so long\r\na OK done\r\n')
  check('a NOOP\r\nb NO', 'a OK done\r\n')
})

for (const [fault, said, sent] of [
  ['no greeting', 'a NOOP\r\n', null],
  ['no answer', 'a NOOP\r\nb NOOP\r\n', 'a OK done\r\n'],
  ['no answer to a literal', 'a LOGIN {3}\r\nann x\r\n', ''],
  ['two answers', 'a NOOP\r\n', 'a OK done\r\na OK done\r\n'],
  ['the answer of another command', 'a NOOP\r\nb NOOP\r\n', 'b OK done\r\na OK done\r\n'],
  ['an answer to nothing', '', 'a OK done\r\n'],
  ['something behind BYE', 'a LOGOUT\r\nb NOOP\r\n', '* BYE x\r\na OK x\r\nb OK x\r\n'],
  ['a literal taken for a command', 'a ID {8+}\r\nb NOOP\r\n\r\n', 'a BAD x\r\nb OK x\r\n'],
  ['fewer messages', 'a NOOP\r\n', '* 2 EXISTS\r\n* 1 EXISTS\r\na OK done\r\n'],
  ['a message that is not there', 'a NOOP\r\n', '* 1 EXISTS\r\n* 2 EXPUNGE\r\na OK done\r\n'],
  ['EXPUNGE during FETCH', 'a FETCH 1 UID\r\n', '* 1 EXISTS\r\n* 1 EXPUNGE\r\na OK done\r\n'],
  ['FETCH of nothing', 'a NOOP\r\n', '* 1 FETCH (UID 1)\r\na OK done\r\n'],
] as const) {
  test(`control: ${fault} is seen`, () => {
    assert.throws(() => {
      if (sent === null) checkConversation(said, [])
      else check(said, sent)
    }, assert.AssertionError)
  })
}

test('control: what no response may look like is seen', () => {
  for (const sent of [
    ...[
      '* OK\r\n',
      'a OK x',
      'a OK x\n',
      'a YES x\r\n',
      'a+ OK x\r\n',
      '* 1 GONE\r\n',
      '* HELLO\r\n',
    ],
    ...['* OK [UIDNEXT 4 x\r\n', '* OK caf\xe9\r\n', '* FLAGS \\Seen\r\n', '* LIST () "/" a b\r\n'],
    ...['* SEARCH 0\r\n', '* ESEARCH ALL *\r\n', '* STATUS x (MESSAGES)\r\n', '* VANISHED \r\n'],
    ...['* 1 FETCH (UID 0)\r\n', '* 1 FETCH (FLAGS (a))) x\r\n', '* 1 FETCH (ENVELOPE (NIL))\r\n'],
    ...[
      '* 1 FETCH (BODY[] "a\r\nb")\r\n',
      '* 1 FETCH (BODY[] {9}\r\nshort)\r\n',
      '* THREAD (a)\r\n',
    ],
    ...['* 1 FETCH (BODY[] {1}\r\n\0)\r\n', '* 1 FETCH (INTERNALDATE "1-Jan-2025")\r\n'],
  ]) {
    assert.throws(
      () => readResponses(sent),
      /expected|a tagged|a number with/,
      JSON.stringify(sent),
    )
  }
})
