import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { after, test } from 'node:test'
import { byNumbers, isMaildir, readMaildir } from '../../server/commands/maildir.ts'
import { makeFolder } from '../helpers/commands.ts'

const folder = makeFolder()
after(folder.remove)

test('a Maildir is a folder with cur and new in it', () => {
  assert.equal(isMaildir(['cur', 'new', 'tmp']), true)
  assert.equal(isMaildir(['cur', 'tmp']), false)
})

test('messages as they were delivered, with what is known of them', async () => {
  const names = [
    'cur/1700000010.M2P1.host,S=5:2,S',
    'cur/1700000009.M3P1.host:2,FRS',
    'cur/1700000009.M20P1.host:2,',
    'cur/999999999.1.host;2,F',
    'new/1700000009.M4P1.host',
    'cur/.hidden',
    'tmp/1.half',
  ]
  for (const name of ['cur', 'new', 'tmp', 'cur/folder']) mkdirSync(folder.in(name))
  for (const name of names) writeFileSync(folder.in(name), 'x')
  const found = await readMaildir(folder.path)
  assert.deepEqual(
    found.map(({ path, isSeen, isFlagged }) => [basename(path), isSeen, isFlagged]),
    [
      ['999999999.1.host;2,F', false, true],
      ['1700000009.M3P1.host:2,FRS', true, true],
      ['1700000009.M4P1.host', false, false],
      ['1700000009.M20P1.host:2,', false, false],
      ['1700000010.M2P1.host,S=5:2,S', true, false],
    ],
  )
})

test('names with numbers in their order', () => {
  assert.deepEqual(['10.eml', '9.eml', '100.eml'].sort(byNumbers.compare), [
    '9.eml',
    '10.eml',
    '100.eml',
  ])
})
