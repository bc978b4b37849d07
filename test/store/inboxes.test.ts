import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { addressOfInbox, type Inbox } from '../../server/store/inbox.ts'
import { MailStore, type StoreOptions } from '../../server/store/mail-store.ts'
import { memoryFs } from '../../server/store/memory-fs.ts'
import type { Reception } from '../../server/store/message.ts'
import { UnknownInboxError } from '../../server/store/query-error.ts'
import { MailboxError, StoreError } from '../../server/store/store-error.ts'
import { failingFs } from '../helpers/failing-fs.ts'
import { chosenSeed, randomFrom } from '../helpers/random.ts'
import { usualStore } from '../helpers/store.ts'

const open = (more: Partial<StoreOptions> = {}) =>
  MailStore.open({
    ...usualStore,
    log: line => assert.fail(line),
    ...more,
  })

const inboxOf = (id: string, more: Partial<Inbox> = {}): Inbox => ({
  id,
  name: id,
  password: `secret of ${id}`,
  addresses: [],
  domains: [],
  tags: [],
  smtpPort: null,
  createdAt: 1,
  expiresAt: 2,
  ...more,
})

const deliver = async (
  store: MailStore,
  rcptTo: string | readonly string[],
  { raw = 'Subject: x\r\n\r\nHello.\r\n', ...more }: Partial<Reception> & { raw?: string } = {},
) => {
  const envelope = { mailFrom: '', rcptTo: [rcptTo].flat() }
  const arrival = store.receive({ envelope, listener: 'smtp', ...more })
  for (let at = 0; at < raw.length; at += 65_536) {
    await arrival.write(Buffer.from(raw.slice(at, at + 65_536)))
  }
  return (await arrival.commit()).number
}

const mailOf = (store: MailStore, inbox: string) => store.match({ inbox })
const shownTo = (store: MailStore, id: string) => {
  const account = store.mailboxes.open(addressOfInbox(id))
  const numbers = account.inbox.entries.numbers()
  store.mailboxes.close(account)
  return numbers
}

describe('mail belongs to an inbox', () => {
  test('by recipient, domain, tag, user, header field and listener', async () => {
    const store = await open()
    await store.inboxes.make(
      inboxOf('shop', {
        addresses: ['ann@example.com', 'bob+vip@example.com'],
        domains: ['shop.example'],
        tags: ['order'],
      }),
    )
    const header = (value: string) => ({
      raw: `X-Mailcatch-Inbox: ${value}\r\nSubject: x\r\n\r\nHi\r\n`,
    })
    const own = [
      await deliver(store, 'shop@inbox.mailcatch.test'),
      await deliver(store, 'SHOP+any@Inbox.Mailcatch.TEST'),
      await deliver(store, 'Ann@Example.com'),
      await deliver(store, ['eve@example.com', 'ann+x@example.com']),
      await deliver(store, 'bob+VIP@example.com'),
      await deliver(store, 'anybody@Shop.Example'),
      await deliver(store, 'eve+Order@example.org'),
      await deliver(store, 'eve@example.org', { authUser: 'Shop@inbox.mailcatch.test' }),
      await deliver(store, 'eve@example.org', { inboxes: ['shop'] }),
      await deliver(store, [], header('other, Shop')),
      await deliver(store, 'eve@example.org', header('shop@inbox.mailcatch.test')),
      // So long that its file is begun before its end is known.
      await deliver(store, 'eve@example.org', {
        raw: `${header('shop').raw}${'x'.repeat(700_000)}`,
      }),
    ]
    const others = [
      await deliver(store, 'bob@example.com'),
      await deliver(store, 'ann@sub.shop.example'),
      await deliver(store, 'shop@example.org'),
      await deliver(store, 'shopper@inbox.mailcatch.test'),
      await deliver(store, 'order@example.org', { authUser: 'shop' }),
      await deliver(store, 'eve@example.org', {
        raw: 'Subject: x\r\n\r\nX-Mailcatch-Inbox: shop\r\n',
      }),
      await deliver(store, '', header('')),
    ]
    assert.deepEqual(await mailOf(store, 'shop'), own)
    assert.deepEqual(await store.match({ q: 'inbox:sh*p' }), own)
    assert.deepEqual(await store.match({ not: { inbox: 'shop' } }), others)
    assert.deepEqual(shownTo(store, 'shop'), own)
    assert.deepEqual(store.inboxes.count('shop'), { total: own.length, unread: own.length })
    await store.update(own.slice(0, 3), { unread: false })
    assert.equal(store.inboxes.count('shop').unread, own.length - 3)
    for (const id of own) assert.deepEqual((await store.reception(id))?.inboxes, ['shop'])
    for (const id of others) assert.equal((await store.reception(id))?.inboxes, undefined)
    await store.close()
  })

  test('what comes for several belongs to each', async () => {
    const store = await open()
    await store.inboxes.make(inboxOf('one', { domains: ['example.com'] }))
    await store.inboxes.make(inboxOf('two', { tags: ['b'] }))
    const id = await deliver(store, ['a+b@example.com', 'two@inbox.mailcatch.test'])
    assert.deepEqual((await store.reception(id))?.inboxes?.toSorted(), ['one', 'two'])
    assert.deepEqual([await mailOf(store, 'one'), await mailOf(store, 'two')], [[id], [id]])
    assert.deepEqual([shownTo(store, 'one'), shownTo(store, 'two')], [[id], [id]])
    await store.close()
  })

  test('an inbox that is none is unknown to every question', async () => {
    const store = await open()
    await store.inboxes.make(inboxOf('one'))
    const id = await deliver(store, 'ann@example.com')
    for (const matcher of [
      { inbox: 'two' },
      { any: [{ inbox: 'one' }, { not: { inbox: 'two' } }] },
    ]) {
      const wrong = { name: 'UnknownInboxError', id: 'two' }
      await assert.rejects(store.match(matcher), wrong)
      await assert.rejects(store.list(matcher, { limit: 1 }), wrong)
      await assert.rejects(store.newest(matcher), wrong)
      await assert.rejects(store.matches(matcher, id), UnknownInboxError)
    }
    assert.equal(await store.matches({ inbox: 'one' }, id), false)
    await store.close()
  })

  test('there are as many as there may be', async () => {
    const store = await open()
    const same = (at: number) => inboxOf(`same-${at}`, { domains: ['example.com'] })
    await Promise.all(Array.from({ length: 100 }, (_, at) => store.inboxes.make(same(at))))
    const limit = (error: unknown) => error instanceof MailboxError && error.code === 'limit'
    await assert.rejects(store.inboxes.make(same(100)), limit)
    const id = await deliver(store, 'ann@example.com')
    assert.equal((await store.reception(id))?.inboxes?.length, 100)
    const many = Array.from({ length: 9_900 }, (_, at) => store.inboxes.make(inboxOf(`many-${at}`)))
    await Promise.all(many)
    await assert.rejects(store.inboxes.make(inboxOf('more')), limit)
    await store.inboxes.end(['many-0'])
    await store.inboxes.make(inboxOf('more'))
    await assert.rejects(store.inboxes.make(inboxOf('more')), limit)
    await store.close()
  })
})

describe('the end of an inbox', () => {
  test('takes its mail with it, and nobody else’s', async () => {
    const store = await open()
    for (const id of ['one', 'two'])
      await store.inboxes.make(inboxOf(id, { addresses: [`${id}@a.b`] }))
    const own = await deliver(store, 'one@a.b')
    const shared = await deliver(store, ['one@a.b', 'two@a.b'])
    const other = await deliver(store, 'two@a.b')
    const nobodys = await deliver(store, 'three@a.b')
    assert.equal(await store.inboxes.end(['one']), 1)
    assert.equal(store.entry(own), undefined)
    assert.deepEqual(await store.match({}), [shared, other, nobodys])
    assert.deepEqual(await mailOf(store, 'two'), [shared, other])
    await assert.rejects(mailOf(store, 'one'), UnknownInboxError)
    assert.equal(store.inboxes.credentialsOf('one@inbox.mailcatch.test'), null)
    assert.equal(store.inboxes.credentialsOf('one@a.b'), undefined)
    // What comes now is the catch-all's.
    const late = await deliver(store, 'one@a.b')
    assert.equal((await store.reception(late))?.inboxes, undefined)
    assert.equal(await store.inboxes.end(['one']), 0)
    assert.equal(await store.inboxes.end(['two']), 2)
    assert.deepEqual(await store.match({}), [nobodys, late])
    await store.close()
  })

  test('of two that share a mail, the second takes it, whoever asks first', async () => {
    const store = await open()
    for (let round = 0; round < 20; round++) {
      const ids = [`one-${round}`, `two-${round}`]
      for (const id of ids) await store.inboxes.make(inboxOf(id, { domains: [`${round}.example`] }))
      await deliver(store, `ann@${round}.example`)
      const counts = await Promise.all(ids.map(id => store.inboxes.end([id])))
      assert.deepEqual(counts, [0, 1])
      assert.equal(store.total, 0)
    }
    await store.close()
  })

  test('mail that comes meanwhile is gone, or the catch-all’s', async () => {
    const store = await open()
    await store.inboxes.make(inboxOf('one'))
    let isOver = false
    const acknowledged: number[] = []
    const sending = (async () => {
      while (!isOver) acknowledged.push(await deliver(store, 'one@inbox.mailcatch.test'))
    })()
    while (store.total < 20) await deliver(store, 'one@inbox.mailcatch.test')
    await store.inboxes.end(['one'])
    const before = acknowledged.slice()
    isOver = true
    await sending
    for (const id of before) assert.deepEqual(store.entry(id)?.message.inboxes ?? [], [], `${id}`)
    await assert.rejects(mailOf(store, 'one'), UnknownInboxError)
    await store.close()
  })

  test('can leave the mail, or what is flagged', async () => {
    const store = await open()
    await store.inboxes.make(inboxOf('one'))
    await store.inboxes.make(inboxOf('two'))
    const one = await deliver(store, 'one@inbox.mailcatch.test')
    const two = await deliver(store, 'two@inbox.mailcatch.test')
    const flagged = await deliver(store, 'two@inbox.mailcatch.test')
    await store.update([flagged], { flagged: true })
    assert.equal(await store.inboxes.end(['one'], { keepsMail: true }), 0)
    assert.equal(await store.inboxes.end(['two'], { keepsFlagged: true }), 1)
    assert.deepEqual(await store.match({}), [one, flagged])
    assert.ok(two)
    await store.close()
  })

  test('takes the account with it, with what a client kept there', async () => {
    const fs = memoryFs()
    let store = await open({ directory: '/data', fs })
    await store.inboxes.make(inboxOf('one'))
    await store.inboxes.make(inboxOf('two', { domains: ['inbox.mailcatch.test'] }))
    const shared = await deliver(store, 'one@inbox.mailcatch.test')
    const account = store.mailboxes.open('one@inbox.mailcatch.test')
    const { inbox } = account
    await store.mailboxes.setFlags(inbox, [shared], { add: ['\\Seen'] })
    const folder = await store.mailboxes.create(account, 'Kept')
    await store.mailboxes.copy(inbox, [shared], folder)
    const draft = await store.append(inbox, { flags: [], listener: 'imap' })
    await draft.write(Buffer.from('Subject: own\r\n\r\n'))
    const { number } = await draft.commit()
    const told: string[] = []
    store.subscribe(({ changes }) => told.push(...changes.map(({ type }) => type)))
    await store.inboxes.end(['one'])
    assert.ok(inbox.isDeleted && folder.isDeleted)
    assert.equal(told.filter(type => type === 'mailbox.deleted').length, 7)
    // A session that has it open still.
    const gone = (error: unknown) => error instanceof MailboxError && error.code === 'nonexistent'
    await assert.rejects(store.mailboxes.create(account, 'New'), gone)
    await assert.rejects(store.mailboxes.setFlags(inbox, [shared], { add: ['x'] }), gone)
    store.mailboxes.close(account)
    for (let start = 0; start < 3; start++) {
      assert.deepEqual(await store.match({}), [shared])
      assert.deepEqual(await mailOf(store, 'two'), [shared])
      await store.close()
      const raw = await fs.list('/data/raw/000000')
      assert.deepEqual(raw, [`${shared}.eml`], `not ${number}`)
      assert.deepEqual(await fs.list('/data/accounts/2'), [])
      store = await open({ directory: '/data', fs })
    }
    await store.close()
  })

  test('a client that writes while it ends leaves nothing behind', async () => {
    const fs = memoryFs()
    let store = await open({ directory: '/data', fs })
    for (let round = 0; round < 20; round++) {
      const id = `one-${round}`
      await store.inboxes.make(inboxOf(id))
      const account = store.mailboxes.open(addressOfInbox(id))
      const refused = (error: unknown) => assert.ok(error instanceof MailboxError, `${error}`)
      const creating = [0, 1].map(at => store.mailboxes.create(account, `x${at}`).catch(refused))
      await Promise.all([...creating.slice(round % 3), store.inboxes.end([id]), ...creating])
      store.mailboxes.close(account)
    }
    for (let start = 0; start < 2; start++) {
      for (const number of await fs.list('/data/accounts')) {
        if (number !== '1') assert.deepEqual(await fs.list(`/data/accounts/${number}`), [])
      }
      await store.close()
      store = await open({ directory: '/data', fs })
    }
    await store.close()
  })
})

describe('a restart', () => {
  test('finds inboxes and their mail, with and without the index and its base', async () => {
    const fs = memoryFs()
    let store = await open({ directory: '/data', fs })
    await store.inboxes.make(inboxOf('one', { addresses: ['ann@example.com'], smtpPort: 2_525 }))
    await store.inboxes.make(inboxOf('gone'))
    const id = await deliver(store, 'ann@example.com')
    await deliver(store, 'gone@inbox.mailcatch.test')
    await store.inboxes.end(['gone'])
    for (const wreck of [
      async () => {},
      async () => fs.remove('/data/index/000000.json'),
      async () => fs.remove('/data/mailcatch.json'),
    ]) {
      await store.close()
      await wreck()
      store = await open({ directory: '/data', fs, log: () => {} })
      assert.deepEqual(store.inboxes.all(), [
        inboxOf('one', { addresses: ['ann@example.com'], smtpPort: 2_525 }),
      ])
      assert.deepEqual(await mailOf(store, 'one'), [id])
      assert.deepEqual(await store.match({}), [id])
      assert.deepEqual(shownTo(store, 'one'), [id])
    }
    await store.close()
  })

  test('finds what was acknowledged on a full disk, and nothing else', async () => {
    const disk = memoryFs()
    const { fs, fail, reset } = failingFs(disk)
    let store = await open({ directory: '/data', fs, log: () => {} })
    await store.inboxes.make(inboxOf('one'))
    const id = await deliver(store, 'one@inbox.mailcatch.test')
    fail('write', 'ENOSPC', 100)
    const full = (error: unknown) => error instanceof StoreError && error.code === 'full'
    await assert.rejects(store.inboxes.make(inboxOf('two')), full)
    assert.equal(store.inboxes.get('two'), undefined)
    reset()
    await store.inboxes.make(inboxOf('two'))
    await store.close()
    store = await open({ directory: '/data', fs: disk })
    assert.deepEqual(
      store.inboxes.all().map(inbox => inbox.id),
      ['one', 'two'],
    )
    assert.deepEqual(await mailOf(store, 'one'), [id])
    await store.close()
  })
})

test('random histories, held against plain lists', async t => {
  const seed = chosenSeed()
  t.diagnostic(`seed ${seed}`)
  const random = randomFrom(seed)
  const directory = await mkdtemp(join(tmpdir(), 'mailcatch-inboxes-'))
  t.after(() => rm(directory, { recursive: true }))
  let store = await open({ directory, log: () => {} })
  const living = new Map<string, Inbox>()
  const mail = new Map<number, string[]>()
  const domains = ['a.example', 'b.example', 'c.example']
  const tags = ['x', 'y']
  let made = 0

  const steps: [weight: number, step: () => Promise<void>][] = [
    [
      3,
      async () => {
        const inbox = inboxOf(`box-${++made}`, {
          addresses: random.some(['ann@a.example', 'bob@b.example'], random.integer(3)),
          domains: random.some(domains, random.integer(2)),
          tags: random.some(tags, random.integer(2)),
        })
        await store.inboxes.make(inbox)
        living.set(inbox.id, inbox)
      },
    ],
    [
      12,
      async () => {
        const ids = [...living.keys()]
        const direct = random.some(ids, random.integer(2)).map(addressOfInbox)
        const other = ['ann', 'bob', 'eve', 'ann+x', 'bob+Y'].map(
          name => `${name}@${random.pick(domains)}`,
        )
        const rcptTo = [...direct, ...random.some(other, random.integer(3))]
        const user = ids.length > 0 && random.chance(0.2) ? random.pick(ids) : null
        const named = ids.length > 0 && random.chance(0.2) ? random.pick(ids) : null
        const id = await deliver(store, rcptTo, {
          ...(user !== null && { authUser: addressOfInbox(user) }),
          ...(named !== null && { raw: `X-Mailcatch-Inbox: ${named}\r\n\r\nx` }),
        })
        const isOf = (inbox: Inbox) =>
          [user, named].includes(inbox.id) ||
          rcptTo.some(recipient => {
            const [local = '', domain = ''] = recipient.toLowerCase().split('@')
            const [name = '', tag = ''] = local.split('+')
            return (
              recipient === addressOfInbox(inbox.id) ||
              inbox.addresses.includes(`${name}@${domain}`) ||
              inbox.domains.includes(domain) ||
              inbox.tags.includes(tag)
            )
          })
        mail.set(
          id,
          [...living.values()].filter(isOf).map(inbox => inbox.id),
        )
      },
    ],
    [
      2,
      async () => {
        const ending = random.some([...living.keys()], random.between(1, 2))
        const calls = random.chance(0.5) ? [ending] : ending.map(id => [id])
        await Promise.all(calls.map(ids => store.inboxes.end(ids)))
        for (const id of ending) living.delete(id)
        for (const [number, ids] of mail) {
          const had = ids.some(id => ending.includes(id))
          if (had && !ids.some(id => living.has(id))) mail.delete(number)
        }
      },
    ],
    [
      2,
      async () => {
        const ids = random.some([...mail.keys()], 2)
        await store.remove(ids)
        for (const id of ids) mail.delete(id)
      },
    ],
    [
      1,
      async () => {
        const [id] = random.some([...living.keys()], 1)
        if (id === undefined) return
        const account = store.mailboxes.open(addressOfInbox(id))
        const uids = account.inbox.entries.numbers()
        if (uids.length > 0)
          await store.mailboxes.setFlags(account.inbox, uids, { add: ['\\Seen'] })
        store.mailboxes.close(account)
      },
    ],
    [
      1,
      async () => {
        await store.close()
        store = await open({ directory, log: () => {} })
      },
    ],
  ]
  const deck = steps.flatMap(([weight, step]) => Array.from({ length: weight }, () => step))
  for (let at = 0; at < 400; at++) {
    await random.pick(deck)()
    assert.deepEqual(await store.match({}), [...mail.keys()], `MAILCATCH_SEED=${seed}, step ${at}`)
    for (const id of living.keys()) {
      const expected = [...mail].filter(([, ids]) => ids.includes(id)).map(([number]) => number)
      assert.deepEqual(await mailOf(store, id), expected, `MAILCATCH_SEED=${seed}, step ${at}`)
      assert.deepEqual(shownTo(store, id), expected)
      assert.equal(store.inboxes.count(id).total, expected.length)
    }
    assert.deepEqual(
      store.inboxes.all().map(({ id }) => id),
      [...living.keys()],
    )
  }
  await store.close()
})
