import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import fc from 'fast-check'
import { emailIdOf } from '../../../../server/imap/object-id.ts'
import { printDate } from '../../../../server/imap/syntax/date-time.ts'
import { printAstring } from '../../../../server/imap/syntax/print.ts'
import { printSequenceSet } from '../../../../server/imap/syntax/sequence-set.ts'
import type { Mailbox } from '../../../../server/store/mailbox.ts'
import type { Message } from '../../../../server/store/message.ts'
import {
  ALL_WORDS,
  type ComposedMail,
  composeMail,
  randomOf,
} from '../../../helpers/composed-mail.ts'
import { SearchedMailbox } from '../../../helpers/searched-mailbox.ts'

/** A message as the naive evaluator knows it. */
type Known = ComposedMail & {
  readonly uid: number
  readonly sequenceNumber: number
  readonly flags: readonly string[]
  readonly internalDate: number
  readonly modseq: number
}

/** A search key as it is sent, and what it means, told in another way than the server does it. */
type Key = { readonly sent: string; readonly holds: (message: Known) => boolean }

const FLAGS = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '$Forwarded', 'Work']
const NOW = Date.parse('2026-11-22T12:00:00Z')
const day = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10)
const plain = (text: string) => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ')
const isIn = (wanted: string, text: string) => plain(text).includes(plain(wanted))
const quoted = (text: string) =>
  /^[\x20-\x7e]*$/.test(text) ? printAstring(text) : `"${text.replace(/["\\]/g, '\\$&')}"`

/** Values of all fields of a name. */
const values = ({ ownFields }: Known, name: string) =>
  ownFields.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value)

const wanted = fc.oneof(
  fc.constantFrom(...ALL_WORDS, ...ALL_WORDS.map(word => word.toUpperCase())),
  fc.constantFrom(
    '',
    'xy',
    'title="tip"',
    '<p>',
    'ann',
    'zoe.g@x1.org',
    '<bob@x0',
    'groß <',
    'rder',
  ),
  fc
    .tuple(fc.constantFrom(...ALL_WORDS), fc.constantFrom(...ALL_WORDS))
    .map(pair => pair.join(' ')),
)
const date = fc.integer({ min: 16, max: 25 }).map(number => Date.UTC(2026, 10, number))

const dateKeys = (name: string, of: (message: Known) => string | null): fc.Arbitrary<Key>[] =>
  (['BEFORE', 'ON', 'SINCE'] as const).map(is =>
    date.map(wanted => ({
      sent: `${name}${is} ${printDate(wanted)}`,
      holds: (message: Known) => {
        const own = of(message)
        if (own === null) return false
        if (is === 'ON') return own === day(wanted)
        return is === 'BEFORE' ? own < day(wanted) : own >= day(wanted)
      },
    })),
  )

/** Keys over messages 1 … `count` with the given UIDs. */
const keysOver = (uids: readonly number[], modseqs: readonly number[]) => {
  const count = uids.length
  const anyUid = fc.integer({ min: 1, max: (uids.at(-1) ?? 0) + 10 })
  const simple: fc.Arbitrary<Key>[] = [
    fc.constant({ sent: 'ALL', holds: () => true }),
    fc.constant({ sent: 'SAVEDATESUPPORTED', holds: () => true }),
    fc.constant({ sent: 'THREADID T1', holds: () => false }),
    ...FLAGS.slice(0, 5).flatMap(flag => [
      fc.constant({ sent: flag.slice(1), holds: ({ flags }: Known) => flags.includes(flag) }),
      fc.constant({
        sent: `UN${flag.slice(1)}`,
        holds: ({ flags }: Known) => !flags.includes(flag),
      }),
    ]),
    ...FLAGS.slice(5).flatMap(flag => [
      fc.constant({
        sent: `KEYWORD ${flag.toLowerCase()}`,
        holds: ({ flags }: Known) => flags.includes(flag),
      }),
      fc.constant({
        sent: `UNKEYWORD ${flag.toUpperCase()}`,
        holds: ({ flags }: Known) => !flags.includes(flag),
      }),
    ]),
    fc.constant({ sent: 'RECENT', holds: ({ uid }: Known) => uid % 3 === 0 }),
    fc.constant({ sent: 'OLD', holds: ({ uid }: Known) => uid % 3 !== 0 }),
    fc.constant({
      sent: 'NEW',
      holds: ({ uid, flags }: Known) => uid % 3 === 0 && !flags.includes('\\Seen'),
    }),
    ...dateKeys('', ({ internalDate }) => day(internalDate)),
    ...dateKeys('SENT', ({ sentOn }) => sentOn),
    ...['From', 'To', 'Cc', 'Bcc', 'Subject'].map(name =>
      wanted.map(text => ({
        sent: `${name.toUpperCase()} ${quoted(text)}`,
        holds: (message: Known) => values(message, name).some(value => isIn(text, value)),
      })),
    ),
    fc
      .tuple(fc.constantFrom('X-Kind', 'Message-ID', 'Content-Type', 'from', 'X-Nothing'), wanted)
      .map(([name, text]) => ({
        sent: `HEADER ${name} ${quoted(text)}`,
        holds: (message: Known) => values(message, name).some(value => isIn(text, value)),
      })),
    wanted.map(text => ({
      sent: `BODY ${quoted(text)}`,
      holds: ({ texts }: Known) => text === '' || texts.some(each => isIn(text, each)),
    })),
    wanted.map(text => ({
      sent: `TEXT ${quoted(text)}`,
      holds: ({ texts, fields }: Known) =>
        [...texts, ...fields.map(field => field.join(': '))].some(each => isIn(text, each)),
    })),
    fc.integer({ min: 200, max: 1_500 }).map(size => ({
      sent: `LARGER ${size}`,
      holds: ({ raw }: Known) => raw.length > size,
    })),
    fc.integer({ min: 200, max: 1_500 }).map(size => ({
      sent: `SMALLER ${size}`,
      holds: ({ raw }: Known) => raw.length < size,
    })),
    fc.integer({ min: 1, max: 500_000 }).map(seconds => ({
      sent: `OLDER ${seconds}`,
      holds: ({ internalDate }: Known) => internalDate <= NOW - seconds * 1_000,
    })),
    fc.integer({ min: 1, max: 500_000 }).map(seconds => ({
      sent: `YOUNGER ${seconds}`,
      holds: ({ internalDate }: Known) => internalDate >= NOW - seconds * 1_000,
    })),
    fc.constantFrom(...modseqs).map(wanted => ({
      sent: `MODSEQ "/flags/\\\\Seen" all ${wanted}`,
      holds: ({ modseq }: Known) => modseq >= wanted,
    })),
    fc.tuple(anyUid, anyUid).map(([a, b]) => ({
      sent: `UID ${a}:${b}`,
      holds: ({ uid }: Known) => uid >= Math.min(a, b) && uid <= Math.max(a, b),
    })),
    anyUid.map(a => ({
      sent: `UID ${a}:*`,
      holds: ({ uid, sequenceNumber }: Known) => uid >= a || sequenceNumber === count,
    })),
    fc
      .tuple(fc.integer({ min: 1, max: count + 5 }), fc.integer({ min: 1, max: count + 5 }))
      .map(([a, b]) => ({
        sent: `${a}:${b}`,
        holds: ({ sequenceNumber: number }: Known) =>
          number >= Math.min(a, b) && number <= Math.max(a, b),
      })),
    fc.integer({ min: 1, max: count + 5 }).map(a => ({
      sent: `*:${a}`,
      holds: ({ sequenceNumber: number }: Known) => number >= a || number === count,
    })),
    fc.constant({ sent: '$', holds: ({ uid }: Known) => uid % 5 === 0 }),
    fc.constant({ sent: 'UID $', holds: ({ uid }: Known) => uid % 5 === 0 }),
  ]
  const { key } = fc.letrec<{ key: Key }>(tie => ({
    key: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(...simple),
      tie('key').map(key => ({
        sent: `NOT ${key.sent}`,
        holds: (message: Known) => !key.holds(message),
      })),
      fc.tuple(tie('key'), tie('key')).map(([a, b]) => ({
        sent: `OR ${a.sent} ${b.sent}`,
        holds: (message: Known) => a.holds(message) || b.holds(message),
      })),
      fc.array(tie('key'), { minLength: 1, maxLength: 4 }).map(keys => ({
        sent: `(${keys.map(({ sent }) => sent).join(' ')})`,
        holds: (message: Known) => keys.every(each => each.holds(message)),
      })),
    ),
  }))
  return key
}

describe('search keys, over made-up mails', () => {
  let box: SearchedMailbox
  const known: Known[] = []
  const seed = Math.floor(Math.random() * 1e9)
  before(async () => {
    const random = randomOf(seed)
    box = await SearchedMailbox.open()
    box.now = NOW
    for (let serial = 0; serial < 120; serial++) {
      const mail = composeMail(random, serial)
      const flags = FLAGS.filter(() => random(3) === 0)
      const internalDate = Date.UTC(2026, 10, 17 + random(8), random(24), random(60), random(60))
      const uid = await box.add(mail.raw, { flags, internalDate })
      // UIDs with gaps.
      if (random(4) === 0) await box.store.mailboxes.expunge(box.mailbox, [uid])
      else known.push({ ...mail, uid, flags, internalDate, sequenceNumber: 0, modseq: 0 })
    }
    // The last ones have come since the client was told what there is.
    known.length -= 5
    known.forEach((message, at) => {
      const modseq = box.mailbox.entries.get(message.uid)?.modseq as number
      known[at] = { ...message, sequenceNumber: at + 1, modseq }
      if (message.uid % 3 === 0) box.recent.add(message.uid)
    })
    box.known = known.map(({ uid }) => uid)
    box.saved.save(box.known.filter(uid => uid % 5 === 0))
  })
  after(() => box.close())

  const agrees = async (runs: number) => {
    const key = keysOver(
      box.known ?? [],
      known.map(({ modseq }) => modseq),
    )
    const property = fc.asyncProperty(key, async ({ sent, holds }) => {
      const expected = known.filter(holds)
      const uids = printSequenceSet(expected.map(({ uid }) => uid))
      const numbers = printSequenceSet(expected.map(({ sequenceNumber }) => sequenceNumber))
      const all = (set: string) => (set === '' ? '' : ` ALL ${set}`)
      const modseq =
        sent.includes('MODSEQ') && expected.length > 0
          ? ` MODSEQ ${Math.max(...expected.map(({ modseq }) => modseq))}`
          : ''
      assert.equal(
        await box.run(`UID SEARCH RETURN () ${sent}`),
        `* ESEARCH (TAG "a1") UID${all(uids)}${modseq}\r\n`,
      )
      assert.equal(
        await box.run(`SEARCH RETURN (ALL) ${sent}`),
        `* ESEARCH (TAG "a1")${all(numbers)}${modseq}\r\n`,
      )
    })
    try {
      await fc.assert(property, { numRuns: runs })
    } catch (error) {
      throw new Error(`mailbox of seed ${seed}: ${(error as Error).message}`)
    }
  }

  test('mean what they say, before the messages are parsed', () => agrees(100))

  test('mean the same when all are parsed', async () => {
    await box.parsed()
    await agrees(400)
    assert.deepEqual(box.log, [])
  })
})

describe('search keys, over the corpus', () => {
  const CORPUS = new URL('../../../fixtures/corpus/', import.meta.url)
  const byPath = new Map<string, number>()
  let box: SearchedMailbox
  before(async () => {
    box = await SearchedMailbox.open()
    const manifest = readFileSync(new URL('MANIFEST.tsv', CORPUS), 'utf8')
    for (const line of manifest.trim().split('\n').slice(1)) {
      const [path = ''] = line.split('\t')
      byPath.set(path, await box.add(readFileSync(new URL(path, CORPUS))))
    }
  })
  after(() => box.close())

  type Expected = {
    readonly subject?: string | null
    readonly from?: readonly { readonly name: string; readonly address: string }[]
    readonly text?: { readonly contains: readonly string[] } | null
    readonly html?: { readonly contains: readonly string[] } | null
  }

  /** Ground truth: what the mails are known to hold. */
  const truths = () =>
    [...byPath].flatMap(([path, uid]) => {
      const truth = new URL(path.replace(/\.eml$/, '.expected.json'), CORPUS)
      if (!existsSync(truth)) return []
      const expected = JSON.parse(readFileSync(truth, 'utf8')) as Expected
      const texts = [...(expected.text?.contains ?? []), ...(expected.html?.contains ?? [])]
      const keys = [
        ...texts.flatMap(text => [`BODY ${quoted(text)}`, `TEXT ${quoted(text)}`]),
        ...(expected.subject ? [`SUBJECT ${quoted(expected.subject)}`] : []),
        ...(expected.subject ? [`TEXT ${quoted(expected.subject)}`] : []),
        ...(expected.from ?? []).flatMap(({ name, address }) => [
          `FROM ${quoted(address)}`,
          `HEADER From ${quoted(name)}`,
        ]),
      ]
      return keys.map(key => ({ path, uid, key }))
    })

  const findAll = async () => {
    const missed: string[] = []
    for (const { path, uid, key } of truths()) {
      if (!(await box.uids(`UID ${uid} ${key}`)).includes(uid)) missed.push(`${path} ${key}`)
    }
    return missed
  }

  test('find what is known to be in a mail, parsed or not', async () => {
    assert.deepEqual(await findAll(), [])
    await box.parsed()
    assert.deepEqual(await findAll(), [])
  })
})

describe('a search', () => {
  let box: SearchedMailbox
  before(async () => {
    box = await SearchedMailbox.open()
  })
  after(() => box.close())
  const mail = (text: string, subject = 'none') =>
    `From: ann@x.org\r\nSubject: ${subject}\r\nDate: 21 Nov 2026 10:00:00 +0000\r\n\r\n${text}\r\n`

  test('finds what lies deep in long texts, of which the search text has but the beginning', async () => {
    const filler = 'lorem ipsum dolor\r\n'.repeat(20_000)
    const deep = await box.add(mail(`${filler}a needle, a blue\r\nparcel${filler}`))
    const base64 = Buffer.from(`${filler}und eine Nähnadel${filler}`).toString('base64')
    const encoded = await box.add(
      `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64}`,
    )
    await box.parsed()
    assert.deepEqual(await box.uids('BODY needle'), [deep])
    assert.deepEqual(await box.uids('BODY "blue parcel"'), [deep])
    assert.deepEqual(await box.uids('TEXT "nÄhnadel"'), [encoded])
    assert.deepEqual(await box.uids('BODY lorem'), [deep, encoded])
    assert.deepEqual(await box.uids('BODY haystack'), [])
  })

  test('finds copies in other mailboxes, by what they are copies of', async () => {
    const inbox = box.mailbox
    const [first, second] = [await box.add(mail('rabbit')), await box.add(mail('hare', 'Rabbit'))]
    await box.parsed()
    const archive = box.account.mailbox('Archive') as Mailbox
    const { to } = await box.store.mailboxes.copy(inbox, [first, second], archive)
    box.mailbox = archive
    assert.deepEqual(await box.uids('BODY rabbit'), [to[0]])
    assert.deepEqual(await box.uids('TEXT rabbit'), to)
    assert.deepEqual(await box.uids('SUBJECT rabbit'), [to[1]])
    assert.deepEqual(await box.uids('HEADER Date nov'), to)
    // The original may go.
    await box.store.mailboxes.expunge(inbox, [first, second])
    assert.deepEqual(await box.uids('NOT BODY hare'), [to[0]])
    const message = archive.entries.get(to[0] as number)?.message as Message
    assert.deepEqual(await box.uids(`EMAILID ${emailIdOf(box.store, message)}`), [to[0]])
    assert.deepEqual(await box.uids('EMAILID M0-0'), [])
    box.mailbox = inbox
  })

  test('keeps the search texts of what is only in other mailboxes', async () => {
    const inbox = box.mailbox
    const uid = await box.add(mail('badger'))
    await box.parsed()
    const archive = box.account.mailbox('Archive') as Mailbox
    await box.store.mailboxes.move(inbox, [uid], archive)
    await box.store.mailboxes.expunge(inbox, inbox.entries.numbers())
    // Waits for what is under way.
    assert.deepEqual(await box.uids('ALL'), [])
    box.mailbox = archive
    assert.equal((await box.uids('BODY badger')).length, 1)
    const texts = readFileSync(join(box.directory, 'text', '000000.txt'), 'utf8')
    assert.match(texts, /badger/)
    box.mailbox = inbox
  })

  test('tells save dates from internal dates', async () => {
    const old = await box.add(mail('old'), { internalDate: Date.parse('2020-02-03T23:00:00Z') })
    const today = printDate(Date.now())
    assert.ok(!(await box.uids(`SINCE ${today}`)).includes(old))
    assert.deepEqual(await box.uids('ON 3-Feb-2020'), [old])
    assert.deepEqual(await box.uids('SAVEDON 3-Feb-2020'), [])
    assert.ok((await box.uids(`OR SAVEDON ${today} SAVEDBEFORE ${today}`)).includes(old))
    assert.ok((await box.uids('SAVEDSINCE 3-Feb-2020')).includes(old))
  })

  test('counts octets with canonical line ends', async () => {
    const raw = 'Subject: bare\n\none\ntwo\n'
    const uid = await box.add(raw)
    assert.deepEqual(await box.uids(`SUBJECT bare LARGER ${raw.length + 3}`), [uid])
    assert.deepEqual(await box.uids(`SUBJECT bare LARGER ${raw.length + 4}`), [])
    assert.deepEqual(await box.uids(`SUBJECT bare SMALLER ${raw.length + 5}`), [uid])
  })

  test('of a mailbox without messages finds none', async () => {
    const inbox = box.mailbox
    box.mailbox = box.account.mailbox('Trash') as Mailbox
    for (const keys of ['ALL', '1:*', 'UID *', '*', 'NOT 1']) {
      assert.equal(await box.run(`SEARCH ${keys}`), '* SEARCH\r\n')
    }
    box.mailbox = inbox
  })

  test('leaves out what is gone, whatever the client knows', async () => {
    const gone = await box.add(mail('gone'))
    box.known = box.mailbox.entries.numbers()
    await box.store.mailboxes.expunge(box.mailbox, [gone])
    assert.deepEqual(await box.uids(`UID ${gone}`), [])
    assert.ok(!(await box.uids('NOT BODY missing')).includes(gone))
    box.known = null
  })

  test('ends when its session does', async () => {
    const ended = new Error('the connection has ended')
    await assert.rejects(box.run('SEARCH BODY lorem', AbortSignal.abort(ended)), ended)
    const controller = new AbortController()
    const search = box.run('SEARCH TEXT nothing', controller.signal)
    controller.abort(ended)
    await assert.rejects(search, ended)
  })

  test('makes no pattern of what it is given', async () => {
    const uid = await box.add(mail('1 + 1 = (2)? .* \\d+ /x/i'))
    for (const text of ['.*', '(2)?', '\\d+', '/x/i', '1 + 1']) {
      assert.ok((await box.uids(`BODY ${quoted(text)}`)).includes(uid), text)
    }
    assert.deepEqual(await box.uids('BODY "1 . 1"'), [])
  })
})
