import assert from 'node:assert/strict'
import { test } from 'node:test'
import { takeLetters } from '../server/command-letters.ts'
import { sendmailOptions } from '../server/commands.ts'

const take = (...args: string[]) => {
  const { letters, rest } = takeLetters(args, { valued: 'fF', glued: 'o' }, sendmailOptions)
  return [letters.map(({ letter, value }) => (value ? `${letter}=${value}` : letter)), rest]
}

test('Letters stand alone, together, and with values as they have them', () => {
  assert.deepEqual(take('-t', '-i'), [['t', 'i'], []])
  assert.deepEqual(take('-ti', '-oi', 'a@b.c'), [['t', 'i', 'o=i'], ['a@b.c']])
  assert.deepEqual(take('-f', 'a@b.c', '-fx@y.z', '-F', 'A B'), [
    ['f=a@b.c', 'f=x@y.z', 'F=A B'],
    [],
  ])
  assert.deepEqual(take('-tf', '-odd'), [['t', 'f=-odd'], []])
  assert.deepEqual(take('-f'), [['f'], []])
})

test('Other flags keep their values, and nothing is taken after --', () => {
  assert.deepEqual(take('--url', '-x', '-t'), [['t'], ['--url', '-x']])
  assert.deepEqual(take('--json', '-t', '--url=http://x'), [['t'], ['--json', '--url=http://x']])
  assert.deepEqual(take('-t', '--', '-f'), [['t'], ['--', '-f']])
  assert.deepEqual(take('-'), [[], ['-']])
})
