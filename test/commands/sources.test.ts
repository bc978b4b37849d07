import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { CommandError } from '../../server/commands/command-error.ts'
import { findSources, type MailSource, SourceError } from '../../server/commands/sources.ts'
import { makeFolder } from '../helpers/commands.ts'

const folder = makeFolder()
after(folder.remove)

const make = (name: string, text: string): string => {
  const path = folder.in(name)
  mkdirSync(folder.in(name, '..'), { recursive: true })
  writeFileSync(path, text)
  return path
}

async function messages(source: MailSource | undefined): Promise<string[]> {
  const found: string[] = []
  for await (const token of source?.read() ?? []) {
    if (token === 'begin') found.push('')
    else if (token !== 'end') found.push(`${found.pop()}${token}`)
  }
  return found
}

const MBOX = 'From a\nA: 1\n\n\nFrom b\nB: 2\n\n'

test('a message, an mbox: told by how it begins, unless its name says that it is a message', async () => {
  for (const [name, text, expected] of [
    ['one', 'A: 1\r\n\r\nx', ['A: 1\r\n\r\nx']],
    ['box', MBOX, ['A: 1\n\n', 'B: 2\n']],
    ['box.eml', MBOX, [MBOX]],
    ['short', 'From', ['From']],
    ['empty.eml', '', ['']],
  ] as const) {
    const [source] = await findSources([make(name, text)])
    assert.deepEqual(await messages(source), expected, name)
    assert.equal(source?.size, text.length)
  }
})

test('a folder: .eml files, those of its folders too, in the order of their numbers', async () => {
  for (const name of [
    '10.eml',
    '9.EML',
    'b/1.eml',
    'b/a/2.eml',
    '.git/3.eml',
    '._9.eml',
    'notes.txt',
  ]) {
    make(`folder/${name}`, name)
  }
  symlinkSync(folder.in('folder/10.eml'), folder.in('folder/link.eml'))
  const sources = await findSources([folder.in('folder')])
  assert.deepEqual(
    sources.map(({ name }) => name),
    ['9.EML', '10.eml', 'b/1.eml', 'b/a/2.eml', 'link.eml'].map(name => folder.in('folder', name)),
  )
  assert.deepEqual(await messages(sources[4]), ['10.eml'])
})

test('a Maildir: each file is a message, with its flags', async () => {
  make('maildir/cur/1.host:2,FS', MBOX)
  make('maildir/new/2.host', 'B: 2\n')
  make('maildir/.Sent/cur/3.host', 'C: 3\n')
  const sources = await findSources([folder.in('maildir')])
  assert.deepEqual(
    sources.map(({ isSeen, isFlagged }) => [isSeen, isFlagged]),
    [
      [true, true],
      [false, false],
    ],
  )
  assert.deepEqual(await messages(sources[0]), [MBOX])
})

test('what is not there is an error at once, what cannot be read when its turn comes', async () => {
  await assert.rejects(
    findSources([make('there', 'x'), folder.in('nowhere')]),
    (error: unknown) =>
      error instanceof CommandError && error.message.endsWith('nowhere: there is no such file'),
  )
  symlinkSync(folder.in('gone'), folder.in('dangling.eml'))
  mkdirSync(folder.in('dangling'))
  symlinkSync(folder.in('gone'), folder.in('dangling/1.eml'))
  const [source] = await findSources([folder.in('dangling')])
  assert.equal(source?.size, null)
  await assert.rejects(messages(source), SourceError)
})
