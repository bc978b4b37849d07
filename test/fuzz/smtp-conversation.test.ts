import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkConversation, type Played } from './smtp-conversation.ts'

// What fuzzers hold servers against must itself see a fault where there is one.

const MAX_MESSAGE = 100
const GREETING = '220 hello\r\n'
const check = (said: string, sent: string, mails: Played['mails'] = []) =>
  checkConversation(said, MAX_MESSAGE, { sent: GREETING + sent, mails })

/** A transaction for one recipient, and what it is answered. */
const DATA = 'MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n'
const GO = '250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 go\r\n'
const END = 'QUIT\r\n'
const BYE = '221 2.0.0 bye\r\n'
const TAKEN = '250 2.0.0 queued\r\n'
const TOO_LARGE = '552 5.3.4 too large\r\n'
const kept = (raw: string, recipients = 1) => ({
  raw,
  rcptTo: Array.from({ length: recipients }, () => 'b@x'),
})
const LARGE = `${'x'.repeat(MAX_MESSAGE + 1)}\r\n.\r\n`

test('a session as it is to be', () => {
  check(END, BYE)
  check(`EHLO x\r\n${END}`, `250-a\r\n250 B\r\n${BYE}`)
  check(`${DATA}a\r\n..b\r\n.\r\n${END}`, GO + TAKEN + BYE, [kept('a\r\n.b\r\n')])
  check(`${DATA}.\r\n${END}`, GO + TAKEN + BYE, [kept('')])
  check(`${DATA}a\n.\nb\r\n.\r\n${END}`, GO + TAKEN + BYE, [kept('a\n.\nb\r\n')])
  check(`${DATA}${LARGE}${END}`, GO + TOO_LARGE + BYE)
  check(`${DATA}${LARGE}${END}`, GO + TOO_LARGE)
  check('NOOP\r\nGET / HTTP/1.1\r\nNOOP\r\n', '250 2.0.0 ok\r\n421 4.7.0 no HTTP here\r\n')
})

for (const [fault, said, sent, mails] of [
  ['no reply', `NOOP\r\n${END}`, '250 2.0.0 ok\r\n'],
  ['a reply to nothing', END, BYE + BYE],
  ['half a reply', END, '221 2.0.0 b'],
  ['a reply that is none', END, '999 x\r\n'],
  ['a reply that is too long', END, `221 ${'x'.repeat(510)}\r\n`],
  ['a reply that does not end', END, '221-bye\r\n'],
  ['a reply of two codes', `NOOP\r\n${END}`, `250-a\r\n251 b\r\n${BYE}`],
  ['an octet that no reply may have', END, '221 2.0.0 caf\xe9\r\n'],
  ['DATA taken from another command', `NOOP\r\na\r\n.\r\n${END}`, `354 go\r\n${TAKEN}${BYE}`],
  [
    'a message for nobody',
    `DATA\r\na\r\n.\r\n${END}`,
    `354 go\r\n${TAKEN}${BYE}`,
    [kept('a\r\n', 0)],
  ],
  ['a message that was acknowledged and is lost', `${DATA}a\r\n.\r\n${END}`, GO + TAKEN + BYE],
  [
    'a message that is stored and was refused',
    `${DATA}${LARGE}${END}`,
    GO + TOO_LARGE + BYE,
    [kept('x')],
  ],
  ['a message refused that is not too large', `${DATA}a\r\n.\r\n${END}`, GO + TOO_LARGE + BYE],
  ['an altered message', `${DATA}..a\r\n.\r\n${END}`, GO + TAKEN + BYE, [kept('..a\r\n')]],
  [
    'a smuggled message',
    `${DATA}a\n.\n${DATA}b\r\n.\r\n${END}`,
    GO + TAKEN + GO + TAKEN + BYE,
    [kept('a\n'), kept('b\r\n')],
  ],
  ['a recipient too few', `${DATA}a\r\n.\r\n${END}`, GO + TAKEN + BYE, [kept('a\r\n', 0)]],
  ['a line that is too long', `NOOP ${'x'.repeat(12_400)}\r\n${END}`, `250 2.0.0 ok\r\n${BYE}`],
] as const) {
  test(`control: ${fault} is seen`, () => {
    assert.throws(() => check(said, sent, mails), assert.AssertionError)
  })
}
