import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { ContentSource } from '../../server/mime/content.ts'
import type { Transaction } from '../../server/store/changes.ts'
import { MailStore, type StoreOptions } from '../../server/store/mail-store.ts'
import type { Mailbox } from '../../server/store/mailbox.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import { weightOf } from '../../server/store/message.ts'
import { MailboxError } from '../../server/store/store-error.ts'
import { crashDisk } from '../helpers/crash-fs.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { readerHere } from '../helpers/reader-here.ts'
import { usualStore } from '../helpers/store.ts'

const folders: string[] = []
after(() => Promise.all(folders.map(folder => rm(folder, { recursive: true }))))

const open = (more: Partial<StoreOptions> = {}) =>
  MailStore.open({
    ...usualStore,
    log: line => assert.fail(line),
    ...more,
  })

const raw = Buffer.from('Subject: x\r\n\r\nHello.\r\n')

const deliver = async (store: MailStore, ...rcptTo: string[]) => {
  const arrival = store.receive({ envelope: { mailFrom: '', rcptTo }, listener: 'smtp' })
  await arrival.write(raw)
  return (await arrival.commit()).number
}

const append = async (store: MailStore, login: string, mailbox: string) => {
  const account = store.mailboxes.open(login)
  const target = account.mailbox(mailbox)
  assert.ok(target)
  const arrival = await store.append(target, { flags: ['\\Draft'], listener: 'imap' })
  await arrival.write(raw)
  return (await arrival.commit()).number
}

/** Every change but what the parser finds. */
const follow = (store: MailStore) => {
  const told: Transaction['changes'][] = []
  store.subscribe(({ changes }) => {
    if (!changes.some(change => change.type === 'message.changed' && change.patch.parsed)) {
      told.push(changes)
    }
  })
  return told
}

const refused = (code: MailboxError['code']) => (error: unknown) => {
  assert.ok(error instanceof MailboxError, String(error))
  assert.equal(error.code, code)
  return true
}

describe('accounts', () => {
  test('an address has its own, any other name the catch-all', async () => {
    const store = await open()
    await deliver(store, 'ann@example.org', 'Bob@Example.Org')
    await deliver(store, 'ann+shop@example.org')
    await deliver(store, 'eve@example.org')
    const uids = (login: string) => store.mailboxes.open(login).inbox.entries.numbers()
    assert.deepEqual(uids('anything'), [1, 2, 3])
    assert.deepEqual(uids(''), [1, 2, 3])
    assert.deepEqual(uids('ANN@example.org'), [1, 2])
    assert.deepEqual(uids('ann+shop@example.org'), [2])
    assert.deepEqual(uids('bob@example.org'), [1])
    assert.deepEqual(uids('nobody@example.org'), [])
    await store.close()
  })

  test('each has the usual mailboxes, with what they are for (RFC 6154)', async () => {
    const store = await open()
    const account = store.mailboxes.open('ann@example.org')
    assert.deepEqual(
      account.mailboxes().map(({ name, specialUse }) => [name, specialUse]),
      [
        ['INBOX', null],
        ['Archive', '\\Archive'],
        ['Drafts', '\\Drafts'],
        ['Junk', '\\Junk'],
        ['Sent', '\\Sent'],
        ['Trash', '\\Trash'],
      ],
    )
    assert.equal(account.mailbox('inbox'), account.inbox)
    assert.equal(account.mailbox('sent'), undefined)
    await store.close()
  })

  test('is nobody else for what it cannot be read of', async () => {
    const fs = memoryFs()
    let store = await open({ directory: '/data', fs })
    await append(store, 'ann@example.org', 'Drafts')
    await store.close()
    for (const name of await fs.list('/data/changes')) await fs.remove(`/data/changes/${name}`)
    await fs.remove('/data/accounts/2/mailboxes.json')
    for (let start = 0; start < 2; start++) {
      store = await open({ directory: '/data', fs, log: () => {} })
      const bob = store.mailboxes.open('bob@example.org')
      assert.deepEqual(
        bob.mailboxes().map(({ entries }) => entries.total),
        [0, 0, 0, 0, 0, 0],
      )
      await store.mailboxes.subscribe(bob, `${start}`, true)
      await store.close()
    }
  })

  test('has nothing of a message for nobody', async () => {
    const store = await open()
    store.mailboxes.open('ann@example.org')
    const told = follow(store)
    await deliver(store, '')
    assert.deepEqual(
      told.map(changes => changes.map(({ type }) => type)),
      [['message.added']],
    )
    await store.close()
  })

  test('costs nothing before something is done to it', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mailcatch-accounts-'))
    folders.push(directory)
    const store = await open({ directory })
    await deliver(store, 'ann@example.org')
    for (let index = 0; index < 100; index++) {
      store.mailboxes.close(store.mailboxes.open(`user${index}@example.org`))
    }
    const ann = store.mailboxes.open('ann@example.org')
    await store.mailboxes.setFlags(ann.inbox, [1], { add: ['\\Seen'] })
    store.mailboxes.close(ann)
    await store.close()
    assert.equal((await readdir(join(directory, 'accounts'))).length, 1)
  })

  test('without state is forgotten when another was used, and the same when it is asked for again', async () => {
    const store = await open()
    const { mailboxes } = store
    await deliver(store, 'ann@example.org', 'bob@example.org')
    const use = (login: string) => {
      const account = mailboxes.open(login)
      mailboxes.close(account)
      return account
    }
    const ann = use('ann@example.org')
    assert.equal(use('ann@example.org'), ann)
    await deliver(store, 'ann@example.org')
    assert.deepEqual(use('ann@example.org').inbox.entries.numbers(), [1, 2])
    use('bob@example.org')
    const again = use('ann@example.org')
    assert.notEqual(again, ann)
    assert.deepEqual(again.inbox.entries.numbers(), [1, 2])
    assert.equal(again.inbox.uidValidity, ann.inbox.uidValidity)

    // One that is open stays, whoever else comes and goes.
    const held = mailboxes.open('bob@example.org')
    for (const login of ['ann@example.org', 'any', 'eve@example.org']) use(login)
    assert.equal(mailboxes.open('bob@example.org'), held)
    await store.close()
  })

  test('a login may be of any octets, but for too many', async () => {
    const store = await open()
    for (const login of ['a\0b@x', '../../etc/passwd@x', 'é@ü', '@', '\ud800@x', 'CON@nul']) {
      const account = store.mailboxes.open(login)
      await store.mailboxes.create(account, 'Work')
      store.mailboxes.close(account)
      assert.ok(store.mailboxes.open(login).mailbox('Work'), JSON.stringify(login))
    }
    assert.throws(() => store.mailboxes.open(`${'x'.repeat(1_001)}@x`), refused('cannot'))
    await store.close()
  })

  test('what is read in one is unread in the other; what goes from the catch-all goes from all', async () => {
    const store = await open()
    await deliver(store, 'ann@example.org')
    await deliver(store, 'ann@example.org')
    await deliver(store, 'ann@example.org')
    const ann = store.mailboxes.open('ann@example.org')
    await store.mailboxes.setFlags(ann.inbox, [1], { add: ['\\Seen', 'later'] })
    assert.deepEqual(ann.inbox.entries.get(1)?.flags, ['\\Seen', 'later'])
    assert.deepEqual(store.entry(1)?.flags, [])
    await store.mailboxes.expunge(ann.inbox, [2])
    assert.ok(store.entry(2))
    const told = follow(store)
    await store.remove([1])
    assert.deepEqual(ann.inbox.entries.numbers(), [3])
    assert.deepEqual(told, [
      [
        { type: 'message.removed', ids: '1', reason: 'deleted' },
        { type: 'entry.removed', account: ann.number, mailbox: 1, ids: '1' },
      ],
    ])
    await store.close()
  })

  test('what was expunged in one is not told there again when it goes from the catch-all', async () => {
    const store = await open()
    await deliver(store, 'ann@example.org')
    const ann = store.mailboxes.open('ann@example.org')
    await store.mailboxes.expunge(ann.inbox, [1])
    const told = follow(store)
    await store.remove([1])
    assert.deepEqual(told, [[{ type: 'message.removed', ids: '1', reason: 'deleted' }]])
    await store.close()
  })
})

describe('a mailbox', () => {
  test('is made with those above it, renamed with those below it, and ends alone', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    const names = () =>
      account.mailboxes().flatMap(({ number, name }) => (number > 6 ? [name] : []))
    const deep = await store.mailboxes.create(account, 'Work/2026/May', { specialUse: '\\Archive' })
    assert.equal(deep.specialUse, '\\Archive')
    assert.deepEqual(names(), ['Work', 'Work/2026', 'Work/2026/May'])
    await store.mailboxes.rename(account.mailbox('Work/2026') ?? deep, 'Old/Year')
    assert.deepEqual(names(), ['Old', 'Old/Year', 'Old/Year/May', 'Work'])
    await store.mailboxes.delete(account.mailbox('Old/Year') ?? deep)
    assert.deepEqual(names(), ['Old', 'Old/Year/May', 'Work'])
    assert.equal(deep.name, 'Old/Year/May')
    await assert.rejects(store.mailboxes.create(account, 'Work'), refused('already-exists'))
    await assert.rejects(store.mailboxes.create(account, 'inbox'), refused('already-exists'))
    await assert.rejects(store.mailboxes.rename(deep, 'Sent'), refused('already-exists'))
    await assert.rejects(store.mailboxes.rename(deep, 'Old/Year/May/x'), refused('cannot'))
    await assert.rejects(store.mailboxes.delete(account.inbox), refused('cannot'))
    await store.close()
  })

  test('made anew has a greater UIDVALIDITY, and its UIDs begin above all others', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    await deliver(store, 'ann@example.org')
    let before = account.inbox.uidValidity
    for (let times = 0; times < 5; times++) {
      const mailbox = await store.mailboxes.create(account, 'Work')
      assert.ok(mailbox.uidValidity > before)
      before = mailbox.uidValidity
      const { to } = await store.mailboxes.copy(account.inbox, [1], mailbox)
      assert.deepEqual(to, [2 + times])
      assert.equal(mailbox.uidNext, 3 + times)
      await store.mailboxes.delete(mailbox)
      assert.equal(mailbox.isDeleted, true)
      await assert.rejects(
        store.mailboxes.copy(account.inbox, [1], mailbox),
        refused('nonexistent'),
      )
    }
    await store.close()
  })

  test('two sessions that ask for the same name at once: one is told that it exists', async () => {
    const store = await open()
    const account = store.mailboxes.open('ann@example.org')
    const results = await Promise.allSettled(
      [1, 2].map(() => store.mailboxes.create(account, 'A/B')),
    )
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    assert.equal(account.below('A').length, 1)
    await store.close()
  })

  const wrong = {
    'a NUL': 'a\0b',
    'a line end': 'a\r\nb',
    'an escape': 'a\u001b[2J',
    'half a character': 'a\ud800',
    'an empty level': 'a//b',
    'an empty first level': '/a',
    'an empty last level': 'a/',
    nothing: '',
    '1 000 characters': 'x'.repeat(1_000),
    'a thousand levels': 'x/'.repeat(1_000).slice(0, -1),
  }
  for (const [what, name] of Object.entries(wrong)) {
    test(`has no name with ${what}`, async () => {
      const store = await open()
      const account = store.mailboxes.open('')
      await assert.rejects(store.mailboxes.create(account, name), refused('cannot'))
      await assert.rejects(store.mailboxes.subscribe(account, name, true), refused('cannot'))
      assert.equal(account.size, 6)
      await store.close()
    })
  }

  test('has any other name, which is never a path', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mailcatch-names-'))
    folders.push(directory)
    let store = await open({ directory })
    const names = [
      '..',
      '.',
      '../../etc',
      'con',
      'NUL',
      'é',
      '日本語',
      'a\\b',
      'a:b',
      '*',
      '%',
      ' ',
      '~',
    ]
    const account = store.mailboxes.open('')
    for (const name of names) await store.mailboxes.create(account, name)
    await store.close()
    store = await open({ directory })
    for (const name of names) assert.ok(store.mailboxes.open('').mailbox(name), name)
    await store.close()
    const files = (await readdir(join(directory, 'accounts'), { recursive: true })).sort()
    assert.deepEqual(files, ['1', '1/mailboxes.json'])
  })

  test('may be gone, and what is below it renamed all the same (RFC 9051 §6.3.6)', async () => {
    const store = await open({ directory: '/data', fs: memoryFs() })
    const account = store.mailboxes.open('')
    const { mailboxes } = store
    const deep = await mailboxes.create(account, 'foo/bar/deep')
    await mailboxes.delete(account.mailbox('foo') ?? deep)
    await mailboxes.renameLevel(account, 'foo', 'new/zowie')
    assert.equal(deep.name, 'new/zowie/bar/deep')
    assert.ok(account.mailbox('new') && !account.mailbox('new/zowie'))
    await assert.rejects(mailboxes.renameLevel(account, 'foo', 'x'), refused('nonexistent'))
    const again = () => mailboxes.renameLevel(account, 'new/zowie', 'new/zowie/below')
    await assert.rejects(again(), refused('cannot'))
    await assert.rejects(
      mailboxes.renameLevel(account, 'new/zowie', 'Sent'),
      refused('already-exists'),
    )
    await store.close()
  })

  test('is one of ten thousand', async () => {
    const store = await open({ directory: '/data', fs: memoryFs() })
    const account = store.mailboxes.open('')
    const names = Array.from({ length: 10_000 }, (_, index) => `box ${index}`)
    await Promise.all(names.map(name => store.mailboxes.create(account, name)))
    assert.equal(account.mailboxes().length, 10_006)
    await store.close()
  })

  test('gives up no message that moves to it while another session deletes it', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    await deliver(store, 'ann@example.org')
    const work = await store.mailboxes.create(account, 'Work')
    const deleting = store.mailboxes.delete(work)
    const moving = store.mailboxes.move(account.inbox, [1], work)
    await assert.rejects(moving, refused('nonexistent'))
    await deleting
    assert.deepEqual(account.inbox.entries.numbers(), [1])
    await store.close()
  })

  test('stays deleted, whatever else is the first thing that is done to its account', async () => {
    const store = await open()
    const ann = store.mailboxes.open('ann@example.org')
    await deliver(store, 'ann@example.org')
    const trash = ann.mailbox('Trash')
    assert.ok(trash)
    await Promise.all([
      store.mailboxes.delete(trash),
      store.mailboxes.subscribe(ann, 'Work', true),
      store.mailboxes.setFlags(ann.inbox, [1], { add: ['\\Seen'] }),
    ])
    assert.equal(ann.mailbox('Trash'), undefined)
    await store.close()
  })

  test('is made by no more renames than may be', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    const names = Array.from({ length: 1_000 }, (_, index) => `${index}${'/x'.repeat(19)}`)
    for (const name of names.slice(0, 999)) await store.mailboxes.create(account, name)
    const deep = account.mailbox('0/x')
    assert.ok(deep)
    await assert.rejects(store.mailboxes.rename(deep, `new${'/x'.repeat(18)}`), refused('cannot'))
    const leaf = account.mailbox(names[0] as string)
    assert.ok(leaf)
    await assert.rejects(store.mailboxes.rename(leaf, `new${'/x'.repeat(19)}`), refused('limit'))
    await store.close()
  })

  test('INBOX is renamed by moving what it has (RFC 9051 §6.3.6)', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    await deliver(store, 'ann@example.org')
    await deliver(store, 'ann@example.org')
    const told = follow(store)
    await store.mailboxes.rename(account.inbox, 'Old')
    assert.deepEqual(
      told.map(changes => changes.map(({ type }) => type)),
      [['mailbox.created', 'entry.added', 'message.removed']],
    )
    assert.deepEqual(account.mailbox('Old')?.entries.numbers(), [3, 4])
    assert.equal(account.inbox.entries.total, 0)
    assert.equal(account.inbox.uidNext, 3)
    assert.equal(store.total, 0)
    await store.close()
  })
})

describe('entries', () => {
  test('copied to the INBOX of the catch-all they are in the API under their numbers', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    const draft = await append(store, '', 'Drafts')
    assert.equal(store.entry(draft), undefined)
    const told = follow(store)
    const drafts = account.mailbox('Drafts')
    assert.ok(drafts)
    const { to } = await store.mailboxes.move(drafts, [draft], account.inbox)
    assert.deepEqual(to, [2])
    assert.deepEqual(
      told.map(changes => changes.map(({ type }) => type)),
      [['message.added', 'entry.removed']],
    )
    assert.deepEqual(await store.match({ subject: 'x' }), [2])
    assert.deepEqual(await store.match({ q: 'hello' }), [2])
    assert.deepEqual(await store.rawBytes(2), raw)
    assert.equal((await store.content(2))?.text, 'Hello.\n')
    assert.equal(store.cursor, 2)
    await store.remove([2])
    assert.equal(store.entry(2), undefined)
    await store.close()
  })

  test('raw octets go with the last entry that uses them', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'mailcatch-uses-'))
    folders.push(directory)
    const store = await open({ directory })
    const account = store.mailboxes.open('')
    const ann = store.mailboxes.open('ann@example.org')
    const id = await deliver(store, 'ann@example.org')
    const [archive, trash] = [account.mailbox('Archive'), ann.mailbox('Trash')]
    assert.ok(archive && trash)
    await store.mailboxes.copy(account.inbox, [id], archive)
    await store.mailboxes.copy(ann.inbox, [id], trash)
    await store.remove([id])
    assert.equal(ann.inbox.entries.total, 0)
    const [entry] = [...trash.entries.ascending()]
    assert.ok(entry)
    assert.deepEqual(await store.canonicalBytes(entry.message), raw)
    await store.mailboxes.expunge(archive, archive.entries.numbers())
    assert.deepEqual(await store.canonicalBytes(entry.message), raw)
    await store.mailboxes.expunge(trash, trash.entries.numbers())
    await store.close()
    assert.deepEqual(await readdir(join(directory, 'raw', '000000')), [])
  })

  test('a copy keeps flags and date, and says when it was made', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    const id = await append(store, '', 'Drafts')
    const [drafts, archive] = [account.mailbox('Drafts'), account.mailbox('Archive')]
    assert.ok(drafts && archive)
    const before = Date.now()
    const { to } = await store.mailboxes.copy(drafts, [id], archive)
    const [copy, original] = [archive.entries.get(to[0] as number), drafts.entries.get(id)]
    assert.deepEqual(copy?.flags, ['\\Draft'])
    assert.equal(copy?.internalDate, original?.internalDate)
    assert.ok((copy?.savedAt ?? 0) >= before)
    await store.close()
  })

  test('of changes at once to what must be unchanged all but one are refused (RFC 7162 §3.1.3)', async () => {
    const store = await open()
    const { inbox } = store.mailboxes.open('')
    await deliver(store, 'ann@example.org')
    await store.content(1)
    const unchangedSince = inbox.highestModseq
    const results = await Promise.all(
      ['a', 'b', 'c'].map(flag =>
        store.mailboxes.setFlags(inbox, [1], { add: [flag] }, { unchangedSince }),
      ),
    )
    assert.deepEqual(results.map(({ changed }) => changed.length).sort(), [0, 0, 1])
    assert.equal(inbox.entries.get(1)?.flags.length, 1)
    await store.close()
  })

  test('moved by two sessions at once they are in one place', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    await deliver(store, 'ann@example.org')
    const [archive, trash] = [account.mailbox('Archive'), account.mailbox('Trash')]
    assert.ok(archive && trash)
    const moves = await Promise.all(
      [archive, trash].map(target => store.mailboxes.move(account.inbox, [1], target)),
    )
    assert.deepEqual(moves, [
      { from: [1], to: [2] },
      { from: [], to: [] },
    ])
    assert.equal(trash.entries.total, 0)
    await store.close()
  })

  test('a change to many is one transaction on the feed', async () => {
    const store = await open()
    const ann = store.mailboxes.open('ann@example.org')
    const trash = ann.mailbox('Trash')
    assert.ok(trash)
    for (let index = 0; index < 5; index++) await deliver(store, 'ann@example.org')
    const told = follow(store)
    await store.mailboxes.setFlags(ann.inbox, [1, 2, 3, 99], { replace: ['\\Seen'] })
    await store.mailboxes.move(ann.inbox, [2, 4, 5], trash)
    const account = ann.number
    assert.deepEqual(told, [
      [{ type: 'entry.changed', account, mailbox: 1, ids: '1:3' }],
      [
        { type: 'entry.added', account, mailbox: 5, ids: '6' },
        { type: 'entry.added', account, mailbox: 5, ids: '7:8' },
        { type: 'entry.removed', account, mailbox: 1, ids: '2,4:5' },
      ],
    ])
    await store.close()
  })

  test('have keywords, neither long ones nor too many different ones', async () => {
    const store = await open()
    const account = store.mailboxes.open('')
    const [drafts, archive] = [account.mailbox('Drafts'), account.mailbox('Archive')]
    assert.ok(drafts && archive)
    await deliver(store, 'ann@example.org')
    const set = (keywords: readonly string[]) =>
      store.mailboxes.setFlags(account.inbox, [1], { replace: ['\\Seen', ...keywords] })
    const keywords = (from: number, count: number) =>
      Array.from({ length: count }, (_, index) => `k${from + index}`)
    await set(keywords(0, 400))
    await set(keywords(300, 200))
    assert.equal(account.inbox.keywords.size, 500)
    await assert.rejects(set(['new']), refused('limit'))
    await set(keywords(0, 500))
    await assert.rejects(set(['x'.repeat(101)]), refused('limit'))
    const appending = store.append(drafts, { flags: ['x'.repeat(101)], listener: 'imap' })
    await assert.rejects(appending, refused('limit'))
    await store.mailboxes.copy(account.inbox, [1], archive)
    const draft = await append(store, '', 'Drafts')
    await store.mailboxes.setFlags(drafts, [draft], { add: ['new'] })
    await assert.rejects(store.mailboxes.copy(drafts, [draft], archive), refused('limit'))
    assert.deepEqual([...drafts.keywords], ['new'])
    await store.close()
  })

  test('clients may put in as much as is kept, and no more', async () => {
    const store = await open({ maxMessages: 3 })
    for (let index = 0; index < 3; index++) await append(store, '', 'Sent')
    await assert.rejects(append(store, '', 'Drafts'), refused('over-quota'))
    await deliver(store, 'ann@example.org')
    const account = store.mailboxes.open('')
    const [sent, archive] = [account.mailbox('Sent'), account.mailbox('Archive')]
    assert.ok(sent && archive)
    const copying = store.mailboxes.copy(account.inbox, [4], archive)
    await assert.rejects(copying, refused('over-quota'))
    await store.mailboxes.move(sent, sent.entries.numbers(), archive)
    assert.equal(store.kept.messages, 3)
    await assert.rejects(append(store, 'bob@example.org', 'Sent'), refused('over-quota'))
    const ann = store.mailboxes.open('ann@example.org')
    const drafts = ann.mailbox('Drafts')
    assert.ok(drafts)
    // What ann's INBOX shows is an arrival, and would be kept from then on.
    await assert.rejects(store.mailboxes.move(ann.inbox, [4], drafts), refused('over-quota'))
    await store.mailboxes.expunge(archive, archive.entries.numbers().slice(0, 1))
    await store.mailboxes.move(ann.inbox, [4], drafts)
    await assert.rejects(append(store, 'bob@example.org', 'Sent'), refused('over-quota'))
    await append(store, '', 'INBOX')
    await store.close()
  })

  test('what they keep is counted right, whatever they do, and after a restart', async () => {
    const seed = chosenSeed()
    const random = randomFrom(seed)
    const fs = memoryFs()
    const logins = ['', 'ann@example.org', 'bob@example.org']
    const opening = () => open({ fs, directory: '/data', maxMessages: 60 })
    let store = await opening()
    const check = () => {
      const kept = { messages: 0, bytes: 0 }
      for (const login of logins) {
        const account = store.mailboxes.open(login)
        for (const mailbox of account.mailboxes()) {
          for (const entry of mailbox.entries.ascending()) {
            const isArrival = mailbox.number === 1 && (login === '' || store.entry(entry.number))
            if (isArrival) continue
            kept.messages++
            kept.bytes += weightOf(entry)
          }
        }
        store.mailboxes.close(account)
      }
      assert.deepEqual({ ...store.kept }, kept, `seed ${seed}`)
      return kept.messages
    }
    let most = 0
    for (let step = 0; step < 150; step++) {
      const account = store.mailboxes.open(random.pick(logins))
      const [source, target] = [random.pick(account.mailboxes()), random.pick(account.mailboxes())]
      const uids = random.some(source.entries.numbers(), 5)
      const done = async (): Promise<unknown> => {
        switch (random.integer(8)) {
          case 0:
            return deliver(store, ...random.some(logins.slice(1), 2))
          case 1:
            return append(store, account.name, target.name)
          case 2:
            return store.mailboxes.copy(source, uids, target)
          case 3:
            return store.mailboxes.move(source, uids, target)
          case 4:
            return store.mailboxes.expunge(source, uids)
          case 5:
            return store.mailboxes.setFlags(source, uids, { add: ['\\Seen'] })
          case 6: {
            const made = await store.mailboxes.create(account, `Made ${step}`)
            await store.mailboxes.copy(source, uids, made)
            return random.chance(0.5) && store.mailboxes.delete(made)
          }
          default:
            return store.remove((await store.match({})).slice(0, 2))
        }
      }
      await done().catch(error => assert.ok(error instanceof MailboxError, String(error)))
      store.mailboxes.close(account)
      most = Math.max(most, check())
      if (step % 50 < 49) continue
      await store.close()
      store = await opening()
      check()
    }
    assert.ok(most > 5, `only ${most} were kept`)
    await store.close()
  })

  test('copied while they were removed they outlive a killed process', async () => {
    const disk = crashDisk()
    const start = () => {
      const machine = disk.boot(randomFrom(1))
      return Promise.all([open({ directory: '/data', fs: machine.fs, log: () => {} }), machine])
    }
    let [store, machine] = await start()
    const mailboxes = () => {
      const account = store.mailboxes.open('')
      const [archive, junk] = [account.mailbox('Archive'), account.mailbox('Junk')]
      assert.ok(archive && junk)
      return { inbox: account.inbox, archive, junk }
    }
    await deliver(store, 'ann@example.org')
    const before = mailboxes()
    // So many that their copies wait for new numbers.
    while (before.archive.entries.total < 2_048) {
      const source = before.archive.entries.total === 0 ? before.inbox : before.archive
      await store.mailboxes.copy(source, source.entries.numbers(), before.archive)
    }
    await store.close()
    machine.cut()
    ;[store, machine] = await start()
    const { inbox, archive, junk } = mailboxes()
    const copying = store.mailboxes.copy(archive, archive.entries.numbers(), junk)
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    await Promise.all([
      copying,
      store.mailboxes.expunge(archive, archive.entries.numbers()),
      store.mailboxes.expunge(inbox, [1]),
    ])
    assert.equal(junk.entries.total, 2_048)
    machine.cut()
    ;[store, machine] = await start()
    assert.equal(mailboxes().junk.entries.total, 2_048)
    await store.close()
  })

  test('copied before their message is parsed they know of it after a restart', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const fs = memoryFs()
    const reader = readerHere()
    let release = () => {}
    const gate = new Promise<void>(resolve => {
      release = resolve
    })
    const late = {
      ...reader,
      read: (source: ContentSource) => gate.then(() => reader.read(source)),
    }
    let store = await open({ directory: '/data', fs, reader: late })
    const archive = () => store.mailboxes.open('').mailbox('Archive') as Mailbox
    await deliver(store, 'ann@example.org')
    await store.mailboxes.copy(store.mailboxes.open('').inbox, [1], archive())
    // The index is written now, and again when it says more.
    t.mock.timers.tick(2_000)
    const isWritten = async () =>
      (await fs.list('/data/accounts/1')).some(name => /^\d+-\d+\.json$/.test(name))
    while (!(await isWritten())) await setImmediate()
    release()
    await store.content(1)
    await store.close()
    store = await open({ directory: '/data', fs, reader: readerHere() })
    assert.equal(archive().entries.get(2)?.message.parsed, true)
    assert.equal(archive().entries.get(2)?.message.preview, 'Hello.')
    await store.close()
  })

  test('have numbers that do not come again, even where the change log is lost', async () => {
    const fs = memoryFs()
    let store = await open({ directory: '/data', fs })
    for (let index = 0; index < 2; index++) await deliver(store, 'ann@example.org')
    await store.mailboxes.create(store.mailboxes.open(''), 'Work')
    await store.remove([1, 2])
    await store.close()
    for (const name of await fs.list('/data/changes')) await fs.remove(`/data/changes/${name}`)
    store = await open({ directory: '/data', fs, log: () => {} })
    assert.equal(await deliver(store, 'ann@example.org'), 3)
    await store.close()
  })

  test('that lose their raw files while nothing runs are told as vanished (RFC 7162 §3.2.6)', async () => {
    const fs = memoryFs()
    let store = await open({ directory: '/data', fs })
    for (let index = 0; index < 3; index++) await store.content(await deliver(store, 'ann@x'))
    const { inbox } = store.mailboxes.open('')
    await store.mailboxes.expunge(inbox, [3])
    const { highestModseq } = inbox
    await store.close()
    await fs.remove('/data/raw/000000/1.eml')
    store = await open({ directory: '/data', fs, log: () => {} })
    assert.equal(store.mailboxes.open('').inbox.vanishedSince(highestModseq), '1,3')
    await store.close()
  })

  test('what fails changes nothing, and works when the fault is gone', async () => {
    const { fs, fail } = failingFs(memoryFs())
    const store = await open({ directory: '/data', fs, log: () => {} })
    const account = store.mailboxes.open('')
    const archive = account.mailbox('Archive')
    assert.ok(archive)
    await deliver(store, 'ann@example.org')
    const attempts = [
      () => store.mailboxes.copy(account.inbox, [1], archive),
      () => store.mailboxes.setFlags(account.inbox, [1], { add: ['\\Seen'] }),
      () => store.mailboxes.create(account, 'Work'),
      () => store.mailboxes.move(account.inbox, [1], archive),
    ]
    for (const attempt of attempts) {
      const picture = (): unknown => [
        account.size,
        archive.entries.numbers(),
        store.entry(1)?.flags,
      ]
      const before = picture()
      fail('write', 'EIO')
      await assert.rejects(attempt(), { name: 'StoreError', code: 'io' })
      assert.deepEqual(picture(), before)
      await attempt()
      assert.notDeepEqual(picture(), before)
    }
    await store.close()
  })
})

test('the end waits for what has its number, and refuses what comes after it', async () => {
  const disk = crashDisk()
  const { fs } = disk.boot(randomFrom(1))
  const store = await open({ directory: '/data', fs })
  const { inbox } = store.mailboxes.open('')
  const [early, late] = await Promise.all(
    [1, 2].map(async () => {
      const arrival = store.receive({ envelope: { mailFrom: '', rcptTo: [] }, listener: 'smtp' })
      await arrival.write(raw)
      return arrival
    }),
  )
  assert.ok(early && late)
  const arriving = early.commit()
  const flagging = store.mailboxes.setFlags(inbox, [1], { add: ['\\Seen'] })
  await store.close()
  assert.equal((await arriving).number, 1)
  await flagging
  const files = [...disk.files().keys()]
  await assert.rejects(late.commit(), { name: 'StoreError', code: 'closed' })
  const flag = store.mailboxes.setFlags(inbox, [1], { add: ['\\Seen'] })
  await assert.rejects(flag, { name: 'StoreError', code: 'closed' })
  assert.deepEqual([...disk.files().keys()], files)
})

test('retention passes over what is flagged, where that is asked for', async () => {
  const store = await open({ maxMessages: 3, keepFlagged: true })
  for (let index = 0; index < 2; index++) await deliver(store, 'ann@example.org')
  await store.update([1], { flagged: true })
  const removed: string[] = []
  store.subscribe(({ changes }) => {
    for (const change of changes) if (change.type === 'message.removed') removed.push(change.ids)
  })
  const { entries } = store.mailboxes.open('').inbox
  const settled = async (expected: readonly number[]) => {
    while (`${entries.numbers()}` !== `${expected}`) {
      await new Promise<void>(resolve => {
        const stop = store.subscribe(() => {
          stop()
          resolve()
        })
      })
    }
  }
  for (let index = 0; index < 3; index++) await deliver(store, 'ann@example.org')
  await settled([1, 4, 5])
  await store.update([1], { flagged: false })
  await deliver(store, 'ann@example.org')
  await settled([4, 5, 6])
  assert.deepEqual(removed, ['2', '3', '1'])
  await store.close()
})
