import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readMbox, writeMboxMessage } from '../../server/mime/mbox.ts'
import { corpusMails } from '../helpers/corpus.ts'

// Python's mailbox module reads what we write, and we read what it writes.

const folder = mkdtempSync(join(tmpdir(), 'mailcatch-mbox-'))
after(() => rmSync(folder, { recursive: true }))

const messages = corpusMails()

const skip =
  spawnSync('python3', ['--version']).status !== 0 && 'python3, whose mailbox we ask, is missing'

function python(script: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script, ...args], {
    encoding: 'latin1',
    maxBuffer: 256 * 1024 * 1024,
  })
  assert.equal(status, 0, stderr)
  return stdout
}

async function* once(octets: Buffer) {
  yield octets
}

test('python finds each of our messages, whole but for what mbox itself adds', {
  skip,
}, async () => {
  const path = join(folder, 'ours.mbox')
  const pieces: Buffer[] = []
  for (const message of messages) {
    const head = { from: 'ann@example.com', receivedAt: 0, size: message.length }
    for await (const piece of writeMboxMessage(head, once(message))) pieces.push(piece)
  }
  writeFileSync(path, Buffer.concat(pieces))
  const read = JSON.parse(
    python(
      `import base64, json, mailbox, sys
box = mailbox.mbox(sys.argv[1], create=False)
print(json.dumps([
    [base64.b64encode(box.get_bytes(key)).decode(), box[key].get_from()] for key in box.keys()
]))`,
      path,
    ),
  ) as [string, string][]
  assert.equal(read.length, messages.length)
  for (const [index, message] of messages.entries()) {
    const [octets = '', from = ''] = read[index] ?? []
    const quoted = message.toString('latin1').replace(/(?<=^|\n)(>*From )/g, '>$1')
    const whole = quoted === '' || quoted.endsWith('\n') ? quoted : `${quoted}\n`
    assert.equal(Buffer.from(octets, 'base64').toString('latin1'), whole)
    assert.match(from, /^ann@example\.com Thu Jan {2}1 00:00:00 1970 octets=\d+$/)
  }
})

test("we find each of python's messages", { skip }, async () => {
  const path = join(folder, 'theirs.mbox')
  const script = `import mailbox, sys
box = mailbox.mbox(sys.argv[1])
for text in [b'A: 1\\n\\none\\n', b'B: 2\\n\\nFrom me\\n\\n\\n', b'C: 3\\n\\nthree']:
    box.add(text)
box.flush()`
  python(script, path)
  const found: string[] = []
  for await (const token of readMbox(once(readFileSync(path)))) {
    if (token === 'begin') found.push('')
    else if (token !== 'end') found.push(`${found.pop()}${token}`)
  }
  assert.deepEqual(found, ['A: 1\n\none\n', 'B: 2\n\nFrom me\n\n\n', 'C: 3\n\nthree\n'])
})
