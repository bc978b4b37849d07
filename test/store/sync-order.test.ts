import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readTrace, type SystemCall, traceTo, untraceable } from '../crash/strace.ts'
import { Cli, makeHome } from '../helpers/cli.ts'
import { dataOf, Sender } from '../helpers/sender.ts'

// security.md §3.2 "order on the real system".

const mails = 100
const connections = 4
const changes = 10

const isSync = ({ name }: SystemCall): boolean => name === 'fsync' || name === 'fdatasync'

test(`with --fsync each of ${mails} 250s is written after the file and its folder are synced`, async t => {
  const reason = untraceable()
  if (reason) return t.skip(reason)
  const home = makeHome()
  t.after(() => home.remove())
  const trace = join(home.path, 'trace')
  const data = join(home.path, 'data')
  const ports = ['--smtp-port', '0', '--http-port', '0']
  const cli = new Cli(['--json', '--fsync', '--data', data, ...ports], {
    home: home.path,
    under: traceTo(trace),
  })
  const ready = await cli.ready()
  const ids: number[] = []
  const send = async (): Promise<void> => {
    const sender = await Sender.open(ready.ports.smtp)
    for (let count = 0; count < mails / connections; count++) {
      // Some are streamed to their file.
      const raw = Buffer.from(`Subject: x\r\n\r\n${'x\r\n'.repeat(count % 5 === 0 ? 100_000 : 10)}`)
      const reply = await sender.send(dataOf(raw), 'a@example.com', 'b@example.org')
      ids.push(Number(/queued as (\d+)/.exec(reply)?.[1]))
    }
    sender.close()
  }
  await Promise.all(Array.from({ length: connections }, send))
  for (const id of ids.slice(0, changes)) {
    const response = await fetch(new URL(`v1/messages/${id}`, ready.url), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: '{"unread":false}',
    })
    assert.equal(response.status, 200)
    await response.arrayBuffer()
  }
  process.kill(ready.pid, 'SIGTERM')
  await cli.exited

  const calls = readTrace(readFileSync(trace, 'utf8'))
  const replies = calls.filter(({ text }) => /<(TCP|socket)[^>]*>.*"250 .*queued as/.test(text))
  assert.equal(replies.length, mails)
  assert.equal(new Set(ids).size, mails)
  for (const id of ids) {
    const reply = calls.find(({ text }) => new RegExp(`queued as ${id}\\b`).test(text))
    assert.ok(reply, `no reply for ${id}`)
    const named = calls.find(
      ({ name, text }) => name.startsWith('rename') && text.endsWith(`/${id}.eml"`),
    )
    assert.ok(named, `${id} got no name`)
    const temporary = /"([^"]+)"/.exec(named.text)?.[1] ?? ''
    const written = calls.find(
      call => isSync(call) && call.text.includes(`<${temporary}>`) && call.end < named.start,
    )
    assert.ok(written, `the file of ${id} was not synced before it got its name`)
    const folder = join(data, 'raw', '000000')
    const listed = calls.find(
      call =>
        isSync(call) &&
        call.text.includes(`<${folder}>`) &&
        call.start > named.end &&
        call.end < reply.start,
    )
    assert.ok(listed, `the folder of ${id} was not synced before the 250`)
  }

  // The same of changes: the log is written and synced, then the answer is.
  const answers = calls.filter(({ text }) => /<(TCP|socket)[^>]*>.*HTTP\/1\.1 200 OK/.test(text))
  assert.equal(answers.length, changes)
  for (const [index, answer] of answers.entries()) {
    const after = answers[index - 1]?.end ?? replies.at(-1)?.end ?? 0
    const logged = calls.find(
      ({ name, text, start }) =>
        name.includes('write') && start > after && /\.jsonl>.*addFlags/.test(text),
    )
    assert.ok(logged && logged.end < answer.start, `change ${index} was answered, not logged`)
    const synced = calls.find(
      call =>
        isSync(call) &&
        /\/changes\/\d+\.jsonl>/.test(call.text) &&
        call.start > logged.end &&
        call.end < answer.start,
    )
    assert.ok(synced, `change ${index} was answered before it was synced`)
  }
})
