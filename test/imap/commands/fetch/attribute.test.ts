import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emailIdOf } from '../../../../server/imap/object-id.ts'
import type { MailStore } from '../../../../server/store/mail-store.ts'
import type { Entry } from '../../../../server/store/message.ts'
import {
  deliver,
  type FetchOptions,
  fetchOctets,
  fetchOne,
  openStore,
  plain,
} from '../../../helpers/fetched.ts'

const response = async (
  store: MailStore,
  entry: Entry,
  items: string,
  options: FetchOptions = {},
) => (await fetchOctets(store, entry, items, options)).toString()

/** A message in the mailbox of that name, with flags and a date. */
const append = async (store: MailStore, raw: string, flags: string[], internalDate: number) => {
  const account = store.mailboxes.open('a@example.com')
  const arrival = await store.append(account.inbox, { flags, internalDate, listener: 'imap' })
  await arrival.write(Buffer.from(raw))
  return arrival.commit()
}

test('what the index knows', async t => {
  const store = await openStore(t)
  await deliver(store, 'Subject: first\r\n\r\n')
  const raw = 'Subject: x\n\nbare line ends\n'
  const entry = await append(store, raw, ['\\Seen', '$Junk'], Date.UTC(1996, 6, 17, 9, 44, 25))
  const uid = entry.number
  const saved = plain(await fetchOne(store, entry, 'SAVEDATE')) as string
  assert.match(saved, /^[ \d]\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d \+0000$/)
  assert.equal(Date.parse(saved), Math.floor(entry.savedAt / 1000) * 1000)
  assert.equal(
    await response(
      store,
      entry,
      '(UID FLAGS INTERNALDATE RFC822.SIZE MODSEQ SAVEDATE EMAILID THREADID)',
      { sequenceNumber: 7 },
    ),
    `* 7 FETCH (UID ${uid} FLAGS ($Junk \\Seen) INTERNALDATE "17-Jul-1996 09:44:25 +0000" ` +
      // RFC822.SIZE is that of the octets that are served: with CRLF.
      `RFC822.SIZE ${raw.length + 3} MODSEQ (${entry.modseq}) SAVEDATE "${saved}" ` +
      `EMAILID (M${store.uidValidity}-${entry.message.id}) THREADID NIL)\r\n`,
  )
})

test('flags are those that the session tells', async t => {
  const store = await openStore(t)
  const entry = await append(store, 'Subject: x\r\n\r\n', ['\\Flagged'], 0)
  const flags = (told?: readonly string[]) =>
    response(store, entry, 'FLAGS', told ? { flags: told } : {})
  assert.equal(await flags(), '* 1 FETCH (FLAGS (\\Flagged))\r\n')
  assert.equal(await flags(['\\Recent', 'a']), '* 1 FETCH (FLAGS (\\Recent a))\r\n')
  assert.equal(await flags([]), '* 1 FETCH (FLAGS ())\r\n')
})

test('copies have the EMAILID of their message, another message and another store have another', async t => {
  const store = await openStore(t)
  const entry = await deliver(store, 'Subject: x\r\n\r\n')
  const account = store.mailboxes.open('')
  const archive = account.mailbox('Archive')
  assert.ok(archive)
  const { to } = await store.mailboxes.copy(account.inbox, [entry.number], archive)
  const copy = archive.entries.get(to[0] ?? 0)
  assert.ok(copy)
  assert.notEqual(copy.number, entry.number)
  const emailId = (await fetchOne(store, entry, 'EMAILID')) as readonly string[]
  assert.deepEqual(await fetchOne(store, copy, 'EMAILID'), emailId)
  assert.match(emailId[0] ?? '', /^[A-Za-z0-9_-]{1,255}$/)

  const other = await deliver(store, 'Subject: x\r\n\r\n')
  assert.notDeepEqual(await fetchOne(store, other, 'EMAILID'), emailId)
  assert.notEqual(emailIdOf({ uidValidity: 1 } as MailStore, entry.message), emailId[0])
})

test('PREVIEW waits for the parser, unless it is LAZY', async t => {
  const store = await openStore(t)
  const html =
    'Content-Type: text/html; charset=utf-8\r\n\r\n<p>Gr\xc3\xbc\xc3\x9fe <b>"an"</b> alle</p>'
  const entry = await deliver(store, html)
  assert.equal(entry.message.parsed, false)
  assert.equal(await response(store, entry, 'PREVIEW (LAZY)'), '* 1 FETCH (PREVIEW NIL)\r\n')
  const literal = '* 1 FETCH (PREVIEW {17}\r\nGrüße "an" alle)\r\n'
  assert.equal(await response(store, entry, 'PREVIEW'), literal)
  assert.equal(entry.message.parsed, true)
  assert.equal(await response(store, entry, 'PREVIEW (LAZY)'), literal)
  assert.equal(
    await response(store, entry, 'PREVIEW', { isUtf8: true }),
    '* 1 FETCH (PREVIEW "Grüße \\"an\\" alle")\r\n',
  )
})

test('a preview has 200 characters at most, and none is the empty string', async t => {
  const store = await openStore(t)
  const long = await deliver(store, `Content-Type: text/plain\r\n\r\n${'word '.repeat(500)}`)
  const preview = plain(await fetchOne(store, long, 'PREVIEW', { isUtf8: true })) as string
  assert.equal([...Buffer.from(preview, 'latin1').toString()].length, 200)
  const image = await deliver(store, 'Content-Type: image/png\r\n\r\n')
  assert.equal(await response(store, image, 'PREVIEW'), '* 1 FETCH (PREVIEW "")\r\n')
})
