import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConversation } from './pop3-conversation.ts'

// What fuzzers hold servers against must itself see a fault where there is one.

const MESSAGES = ['Subject: a\r\n\r\none\r\n.two\r\n', 'Subject: b\n\nbare']
const GREETING = '+OK Mailcatch <1.2@mailcatch>\r\n'
const LOGIN = 'USER ann\r\nPASS any\r\n'
const IN = '+OK who\r\n+OK in\r\n'
const check = (said: string, sent: string, left: readonly number[] = [1, 2]) =>
  checkConversation(LOGIN + said, MESSAGES, { sent: GREETING + IN + sent, left })

test('a session as it is to be', () => {
  check('', '')
  check('STAT\r\nLIST\r\n', '+OK 2 45\r\n+OK list\r\n1 25\r\n2 20\r\n.\r\n')
  check('RETR 1\r\n', '+OK it\r\nSubject: a\r\n\r\none\r\n..two\r\n.\r\n')
  check('TOP 1 1\r\n', '+OK top\r\nSubject: a\r\n\r\none\r\n.\r\n')
  check('RETR 2\r\n', '+OK it\r\nSubject: b\r\n\r\nbare\r\n.\r\n')
  check('DELE 1\r\nSTAT\r\nQUIT\r\nSTAT\r\n', '+OK gone\r\n+OK 1 20\r\n+OK bye\r\n', [2])
  check('DELE 1\r\nRSET\r\nQUIT\r\n', '+OK gone\r\n+OK all\r\n+OK bye\r\n')
  check('DELE 1\r\nRETR 9\r\n', '+OK gone\r\n-ERR no such message\r\n')
  check('AUTH PLAIN\r\n=\r\nNOOP\r\n', '+ \r\n-ERR [AUTH] no\r\n+OK so\r\n')
})

for (const [fault, said, sent, left] of [
  ['no answer', 'NOOP\r\nNOOP\r\n', '+OK so\r\n'],
  ['an answer to nothing', '', '+OK so\r\n'],
  ['half an answer', 'NOOP\r\n', '+OK s'],
  ['an answer that is none', 'NOOP\r\n', 'OK so\r\n'],
  ['an octet that no answer may have', 'NOOP\r\n', '+OK caf\xe9\r\n'],
  ['an answer that is too long', 'NOOP\r\n', `+OK ${'x'.repeat(510)}\r\n`],
  ['a response code that there is not', 'NOOP\r\n', '-ERR [NOPE] no\r\n'],
  ['something behind QUIT', 'QUIT\r\nNOOP\r\n', '+OK bye\r\n+OK so\r\n'],
  ['a wrong count', 'STAT\r\n', '+OK 3 45\r\n'],
  ['a wrong size', 'STAT\r\n', '+OK 2 46\r\n'],
  ['a list that lacks a message', 'LIST\r\n', '+OK list\r\n1 25\r\n.\r\n'],
  ['a list with a wrong size', 'LIST\r\n', '+OK list\r\n1 25\r\n2 19\r\n.\r\n'],
  [
    'a message whose dots are not stuffed',
    'RETR 1\r\n',
    '+OK\r\nSubject: a\r\n\r\none\r\n.two\r\n.\r\n',
  ],
  ['another message', 'RETR 1\r\n', '+OK it\r\nSubject: b\r\n\r\nbare\r\n.\r\n'],
  ['a message that does not end', 'RETR 2\r\n', '+OK it\r\nSubject: b\r\n\r\nbare\r\n'],
  ['a line too many', 'TOP 1 0\r\n', '+OK top\r\nSubject: a\r\n\r\none\r\n.\r\n'],
  ['a message deleted twice', 'DELE 1\r\nDELE 1\r\n', '+OK gone\r\n+OK gone\r\n'],
  ['a message deleted without QUIT', 'DELE 1\r\n', '+OK gone\r\n', [2]],
  ['a message kept behind QUIT', 'DELE 1\r\nQUIT\r\n', '+OK gone\r\n+OK bye\r\n'],
  ['a message lost', 'NOOP\r\n', '+OK so\r\n', [1]],
] as const) {
  test(`control: ${fault} is seen`, () => {
    assert.throws(() => check(said, sent, left), assert.AssertionError)
  })
}
