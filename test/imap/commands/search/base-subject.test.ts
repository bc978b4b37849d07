import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { baseSubject } from '../../../../server/imap/commands/search/base-subject.ts'

const assertBase = (subject: string, text: string, isReply: boolean) =>
  assert.deepEqual(baseSubject(subject), { text, isReply }, subject)

test('replies and forwards', () => {
  assertBase('Hello', 'Hello', false)
  assertBase('Re: Hello', 'Hello', true)
  assertBase('RE : re[2]: Fw : FWD[x] :Hello', 'Hello', true)
  assertBase('Re: Re: \t Hello  \r\n there', 'Hello there', true)
  assertBase('Hello (fwd) (FWD)', 'Hello', true)
  assertBase('[Fwd: Hello]', 'Hello', true)
  assertBase('[fwd: [fwd: re: Hello (fwd)] ]', 'Hello', true)
  assertBase('Re:', '', true)
  assertBase('(fwd)', '', true)
  assertBase('[fwd:]', '', true)
  assertBase('', '', false)
  assertBase('   ', '', false)
})

test('what only looks like them', () => {
  for (const subject of [
    'Reply: Hello',
    'Aw: Hello',
    're Hello',
    'Re[2 : Hello',
    'Hello (fw)',
    'fwd) Hello',
    '[fwd Hello]',
    'Hello re: you',
    'R\u00e9: Hello',
  ]) {
    assertBase(subject, subject, false)
  }
})

test('blobs', () => {
  assertBase('[list] Hello', 'Hello', false)
  assertBase('[list] [a b]Hello', 'Hello', false)
  assertBase('[list] Re: Hello', 'Hello', true)
  assertBase('Re: [list] Re[3]: [other] Hello', 'Hello', true)
  // The last one stays where nothing else is left.
  assertBase('[a] [b] [c]', '[c]', false)
  assertBase('Re: [a]', '[a]', true)
  assertBase('[a] (fwd)', '[a]', true)
  assertBase('[a[b] c', '[a[b] c', false)
  assertBase('[] x', 'x', false)
  assertBase('[Fwd: a] b', 'b', false)
})

/** Step by step, as RFC 5256 §2.1 has it. */
function naive(subject: string): { text: string; isReply: boolean } {
  let text = subject.replace(/[\t\r\n]/g, ' ').replace(/ +/g, ' ')
  let isReply = false
  for (;;) {
    for (let last = ''; last !== text; ) {
      last = text
      if (/\(fwd\)$/i.test(text)) isReply = true
      text = text.replace(/(?: |\(fwd\))$/i, '')
    }
    for (let last = ''; last !== text; ) {
      last = text
      if (/^(?:\[[^[\]]*\] *)*(?:re|fwd?) *(?:\[[^[\]]*\] *)?:/i.test(text)) isReply = true
      text = text.replace(/^(?: |(?:\[[^[\]]*\] *)*(?:re|fwd?) *(?:\[[^[\]]*\] *)?:)/i, '')
      if (last === text) text = text.replace(/^\[[^[\]]*\] *(?=[^ ])/, '')
    }
    if (!/^\[fwd:.*\]$/i.test(text)) return { text, isReply }
    text = text.slice(5, -1)
    isReply = true
  }
}

test('the steps of the RFC, one after the other', () => {
  const piece = fc.constantFrom(
    're',
    'fw',
    'fwd',
    ':',
    ' ',
    '[',
    ']',
    '(fwd)',
    '[fwd:',
    'x',
    '[a]',
    '\t',
    'RE:',
  )
  const subject = fc.array(piece, { maxLength: 14 }).map(pieces => pieces.join(''))
  fc.assert(
    fc.property(subject, text => assert.deepEqual(baseSubject(text), naive(text))),
    { numRuns: 20_000 },
  )
})

test('long ones in no time', () => {
  const start = performance.now()
  for (const piece of ['[a]', '[', 're:', 're[', '[fwd:', '(fwd)', ' ', '[a] re', '\t[', 're  ']) {
    const text = piece.repeat(10_000 / piece.length)
    baseSubject(text)
    baseSubject(`${text}x`)
    baseSubject(`${text}${']'.repeat(2_000)}`)
  }
  assert.ok(performance.now() - start < 1_000)
})
