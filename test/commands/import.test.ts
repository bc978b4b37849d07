import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { MessageList } from '../../server/http/resources.ts'
import { launch, startMailcatch } from '../../server/mailcatch.ts'
import { libraryOptions, UsageError } from '../../server/options.ts'
import { makeFolder, runExport, runImport } from '../helpers/commands.ts'
import { mail } from '../helpers/http-server.ts'

const folder = makeFolder()
after(folder.remove)

const write = (name: string, text: string): string => {
  writeFileSync(folder.in(name), text)
  return folder.in(name)
}

const mbox = (...mails: string[]) => mails.map(text => `From a@b\n${text}\n`).join('')

async function list(url: string | null): Promise<MessageList['messages']> {
  const answer = await fetch(`${url}v1/messages?limit=1000`)
  return ((await answer.json()) as MessageList).messages.toReversed()
}

const subjects = async (url: string | null) => (await list(url)).map(({ subject }) => subject)

test('a mail comes as often as the source has it, and never more often', async () => {
  await using mailcatch = await startMailcatch()
  const { url } = mailcatch
  const [a, b, c] = ['a', 'b', 'c'].map(subject => mail(subject)) as [string, string, string]
  const counts = async (...names: string[]) => {
    const { result, code } = await runImport(names, { url })
    assert.equal(code, 0)
    return [result.imported, result.present]
  }
  const once = write('once.mbox', mbox(a, b))
  const twice = write('twice.mbox', mbox(a, b, a, c))
  assert.deepEqual(await counts(once), [2, 0])
  assert.deepEqual(await counts(twice), [2, 2])
  assert.deepEqual(await counts(twice), [0, 4])
  assert.deepEqual(await counts(once), [0, 2])
  assert.deepEqual(await counts(twice, write('a.eml', a)), [1, 4])
  assert.deepEqual(await subjects(url), ['a', 'b', 'a', 'c', 'a'])
})

test('a Maildir keeps what was seen and flagged, also where an earlier run did not come to that', async () => {
  mkdirSync(folder.in('maildir/new'), { recursive: true })
  mkdirSync(folder.in('maildir/cur'))
  write('maildir/cur/1.host:2,S', mail('seen'))
  write('maildir/cur/2.host:2,FS', mail('both'))
  write('maildir/new/3.host', mail('new'))
  await using mailcatch = await startMailcatch()
  const { url } = mailcatch
  await runImport([write('seen.eml', mail('seen'))], { url })
  const { result } = await runImport([folder.in('maildir')], { url })
  assert.deepEqual([result.imported, result.present], [2, 1])
  assert.deepEqual(
    (await list(url)).map(({ subject, unread, flagged }) => [subject, unread, flagged]),
    [
      ['seen', false, false],
      ['both', false, true],
      ['new', true, false],
    ],
  )
  await runImport([folder.in('maildir')], { data: folder.in('maildir-data') })
  await using second = await startMailcatch({ data: folder.in('maildir-data') })
  assert.deepEqual(
    (await list(second.url)).map(({ subject, unread, flagged }) => [subject, unread, flagged]),
    [
      ['seen', false, false],
      ['both', false, true],
      ['new', true, false],
    ],
  )
})

test('the header names the envelope, and the way in is told', async () => {
  await using mailcatch = await startMailcatch({ data: folder.in('envelope') })
  const source = write('cc.eml', mail('cc', 'x', 'Cc: boss@example.com, ann@example.com'))
  const envelope = async (url: string | null) => {
    const message = (await (await fetch(`${url}v1/messages/latest`)).json()) as {
      envelope: unknown
      reception: { listener: string }
    }
    assert.deepEqual(message.envelope, {
      mailFrom: 'app@example.com',
      rcptTo: ['ann@example.com', 'boss@example.com'],
    })
    return message.reception.listener
  }
  await runImport([source], { url: mailcatch.url })
  assert.equal(await envelope(mailcatch.url), 'http')
  await mailcatch.close()
  const more = write('cc2.eml', mail('cc2', 'x', 'Cc: boss@example.com, ann@example.com'))
  await runImport([more], { data: folder.in('envelope') })
  await using again = await startMailcatch({ data: folder.in('envelope') })
  assert.equal(await envelope(again.url), 'import')
})

test('what is too large is told and left out, the others go on', async () => {
  await using mailcatch = await startMailcatch({ maxMessageSize: 1_000 })
  const source = write(
    'sizes.mbox',
    mbox(mail('small'), mail('large', 'x'.repeat(1_000)), mail('last')),
  )
  for (const [options, limit] of [
    [{ url: mailcatch.url }, 1_000],
    [{ url: mailcatch.url, maxMessageSize: 900 }, 900],
    [{ data: folder.in('sizes'), maxMessageSize: 1_000 }, 1_000],
  ] as const) {
    const { code, result, errors } = await runImport([source], options)
    assert.deepEqual([code, result.failed], [1, 1])
    assert.equal((result.imported as number) + (result.present as number), 2)
    assert.equal(errors[0]?.code, 'MAILCATCH_TOO_BIG')
    assert.match(
      errors[0]?.message ?? '',
      new RegExp(`sizes\\.mbox, message 2: \\d+ octets, and at most ${limit} are taken`),
    )
  }
  assert.deepEqual(await subjects(mailcatch.url), ['small', 'last'])
})

test('a message of many megabytes is never in memory', async () => {
  const path = folder.in('large.mbox')
  // 40 MB, then a small one, from a script of its own whose memory can be looked at.
  writeFileSync(path, `From a\n${mail('large')}${'x'.repeat(76)}\r\n`)
  for (let piece = 0; piece < 40; piece++) {
    writeFileSync(path, `${'x'.repeat(76)}\r\n`.repeat(13_000), { flag: 'a' })
  }
  writeFileSync(path, `\nFrom b\n${mail('small')}\n`, { flag: 'a' })
  const script = `
    import { runImport } from '${new URL('../helpers/commands.ts', import.meta.url).href}'
    let most = 0
    const timer = setInterval(() => {
      gc()
      most = Math.max(most, process.memoryUsage().arrayBuffers)
    }, 10)
    const { result } = await runImport(['${path}'], { data: '${folder.in('large-data')}' })
    clearInterval(timer)
    console.log(JSON.stringify({ ...result, most }))`
  const tsx = import.meta.resolve('tsx')
  const args = ['--expose-gc', '--import', tsx, '--input-type=module', '--eval', script]
  const { imported, most } = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' }))
  assert.equal(imported, 2)
  assert.ok(most < 36_000_000, `${most} octets`)
})

test('a file that cannot be read is told, the others go on', async () => {
  mkdirSync(folder.in('unreadable'))
  symlinkSync(folder.in('not there'), folder.in('unreadable/1.eml'))
  write('unreadable/2.eml', mail('readable'))
  const { code, result, errors } = await runImport([folder.in('unreadable')], {
    data: folder.in('unreadable-data'),
  })
  assert.deepEqual([code, result.imported, result.failed], [1, 1, 1])
  assert.equal(errors[0]?.code, 'MAILCATCH_NO_SOURCE')
  assert.match(errors[0]?.message ?? '', /unreadable\/1\.eml: ENOENT/)
})

test('an inbox that keeps fewer than that says so', async () => {
  await using mailcatch = await startMailcatch({ maxMessages: 2 })
  const source = write('three.mbox', mbox(mail('1'), mail('2'), mail('3')))
  const { code, warnings } = await runImport([source], { url: mailcatch.url })
  assert.equal(code, 0)
  assert.match(warnings, /keeps the newest 2 messages and [\d,]+ octets: older ones are dropped/)
  const { warnings: none } = await runImport([source], { data: folder.in('three-data') })
  assert.equal(none, '')
})

test('a data directory loses nothing to the limits of an import', async () => {
  const data = folder.in('no-limits')
  const mails = Array.from({ length: 30 }, (_, at) => mail(`${at}`))
  await runImport([write('thirty.mbox', mbox(...mails))], { data })
  const { result } = await runExport([folder.in('thirty')], { data })
  assert.equal(result.exported, 30)
})

test('stopped half way, it goes on from there', async () => {
  const mails = Array.from({ length: 40 }, (_, at) => mail(`${at}`))
  const source = write('forty.mbox', mbox(...mails))
  const silent = { info: () => {}, warn: () => {}, error: () => {} }
  const { store, url, close } = await launch(libraryOptions({}), {
    log: silent,
    keepsProcessAlive: false,
  })
  try {
    const controller = new AbortController()
    store.subscribe(() => {
      if (store.total === 10) controller.abort()
    })
    const first = await runImport([source], { url }, controller.signal)
    const { imported, complete } = first.result
    assert.deepEqual([first.code, imported, complete], [1, 10, false])
    const second = await runImport([source], { url })
    const { imported: more, present } = second.result
    assert.deepEqual([second.code, more, present], [0, 30, 10])
    assert.deepEqual(
      await subjects(url),
      mails.map((_, at) => `${at}`),
    )
  } finally {
    await close()
  }
})

test('says what it is used for', async () => {
  await assert.rejects(runImport([], { data: folder.in('never') }), UsageError)
  mkdirSync(folder.in('nothing'))
  const { code, warnings, result } = await runImport([folder.in('nothing')], {
    data: folder.in('nothing-data'),
  })
  assert.deepEqual([code, result.imported], [0, 0])
  assert.match(warnings, /there is no message in .*nothing/)
})
